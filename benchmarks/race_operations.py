"""The four operations of the race, in Marquee's words, in PostGraphile's over the same tables, and as bare SQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Race:
    """One operation. `theirs` asks for the same values under the same keys; `sql` forms the same JSON by hand."""

    ours: str
    theirs: str
    sql: str
    variables: Sequence[dict[str, Any]]
    keys: Callable[[dict[str, Any]], dict[str, Any]]
    """Our variables in PostGraphile's words and in the words of the SQL."""
    times_postgraphile: float
    """The goal at 16 clients."""
    times_bare: float
    """The goal for the p50 of one client, beside bare SQL and a constant endpoint together."""


_SEEN: Final = (
    "m.deleted_at IS NULL AND m.library_id IN (SELECT library_id FROM library_access WHERE user_id = %(viewer)s)"
    " AND (m.min_age IS NULL OR m.min_age <= 21)"
)
_GENRES: Final = """(SELECT coalesce(json_agg(row_to_json(g)), '[]') FROM (
    SELECT 'gen_' || g.id AS id, g.name FROM item_genres l JOIN genres g ON g.id = l.genre_id
    WHERE l.item_id = m.id ORDER BY l.position, g.id) g) AS genres"""
_CREDITS: Final = """(SELECT json_build_object('nodes', coalesce(json_agg(row_to_json(c)), '[]')) FROM (
    SELECT c.role, c.position, (SELECT row_to_json(p) FROM (SELECT 'per_' || p.id AS id, p.name) p) AS person
    FROM credits c JOIN people p ON p.id = c.person_id
    WHERE c.item_id = m.id AND NOT c.is_removed ORDER BY c.position, c.id LIMIT %d) c) AS credits"""
_POSTER: Final = """(SELECT row_to_json(a) FROM (SELECT 'img_' || a.id AS id, '/images/' || a.token AS url FROM assets a
    WHERE a.entity_id = m.id AND a.asset_type = 'poster' AND a.rank = 0) a) AS poster"""


def _list_sql(columns: str, condition: str) -> str:
    return (
        f"SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (SELECT {columns} FROM media_items m"
        f" WHERE m.kind = 'movie' AND {_SEEN}"
        f" AND {condition} ORDER BY m.sort_key, m.id LIMIT %(first)s) r"
    )


LANGUAGES: Final = ("en", "de", "fr", "ja")
_FLAT: Final = "title year runtimeMs originalLanguage tagline"
_FLAT_SQL: Final = "'itm_' || m.id AS id, m.title, m.year, m.runtime_ms, m.original_language, m.tagline"
_WIDE: Final = "title sortTitle originalTitle year runtimeMs originalLanguage tagline popularity minAge isMonitored createdAt"
_WIDE_SQL: Final = (
    "'itm_' || m.id AS id, m.title, m.sort_title, m.original_title, m.year, m.runtime_ms, m.original_language, m.tagline,"
    " m.popularity, m.min_age, m.is_monitored, m.created_at"
)
_FULL: Final = f"{_WIDE} plot outline edition homepage budget revenue metadata version updatedAt isKidsFriendly"
_FULL_SQL: Final = (
    f"{_WIDE_SQL}, m.plot, m.outline, m.edition, m.homepage, m.budget, m.revenue, m.metadata, m.version, m.updated_at,"
    " m.is_kids_friendly"
)
_YEARS: Final = [{"year": year} for year in range(1955, 2019)]


def _theirs(fields: str, *, condition: str, arguments: str, first: str) -> str:
    return (
        f'query Race({arguments}) {{ films: mediaItemsList(condition: {{kind: "movie", {condition}}},'
        f" orderBy: [SORT_KEY_ASC, PRIMARY_KEY_ASC], first: {first}) {{ id: rowId {fields} }} }}"
    )


_THEIRS_NESTED: Final = """genres: genresByItemGenreItemIdAndGenreIdList { id: rowId name }
    credits: creditsByItemIdList(orderBy: [POSITION_ASC, PRIMARY_KEY_ASC], first: %d) { role position person { id: rowId name } }
    poster: artworkList(condition: {assetType: "poster", rank: 0}, first: 1) { id: rowId token }"""
_OURS_NESTED: Final = """genres { id name }
    credits(first: %d) { nodes { role position person { id name } } }
    poster { id url }"""


def _ours(fields: str, *, condition: str, arguments: str, first: str) -> str:
    return (
        f"query Race({arguments}) {{ films: movies(where: {{{condition}}}, orderBy: [{{field: TITLE}}],"
        f" first: {first}) {{ nodes {{ id {fields} }} }} }}"
    )


def races(films: Sequence[int]) -> dict[str, Race]:
    """The operations; `films` are keys of films to ask for one at a time."""
    short = "title year runtimeMs"
    short_sql = "'itm_' || m.id AS id, m.title, m.year, m.runtime_ms"
    by_year = {"arguments": "$year: Int!", "first": "50"}
    by_language = {"arguments": "$language: String!, $first: Int!", "first": "$first"}
    one = _FULL.replace("budget revenue ", "")
    return {
        "flat 50": Race(
            ours=_ours(_FLAT, condition="year: {eq: $year}", **by_year),
            theirs=_theirs(_FLAT, condition="year: $year", **by_year),
            sql=_list_sql(_FLAT_SQL, "m.year = %(year)s"),
            variables=_YEARS,
            keys=lambda values: {**values, "first": 50},
            times_postgraphile=2.0,
            times_bare=2.3,
        ),
        "nested 50": Race(
            ours=_ours(f"{short} {_OURS_NESTED % 5}", condition="year: {eq: $year}", **by_year),
            theirs=_theirs(f"{short} {_THEIRS_NESTED % 5}", condition="year: $year", **by_year),
            sql=_list_sql(f"{short_sql}, {_GENRES}, {_CREDITS % 5}, {_POSTER}", "m.year = %(year)s"),
            variables=_YEARS,
            keys=lambda values: {**values, "first": 50},
            times_postgraphile=2.5,
            times_bare=1.7,
        ),
        "single": Race(
            ours=f"query Race($id: ID!) {{ films: mediaItem(ref: {{id: $id}}) {{ id {one} ... on Movie {{ budget revenue }}"
            f" {_OURS_NESTED % 10} }} }}",
            theirs=f"query Race($id: BigInt!) {{ films: mediaItem(rowId: $id) {{ id: rowId {_FULL} {_THEIRS_NESTED % 10} }} }}",
            sql=f"SELECT row_to_json(r) FROM (SELECT {_FULL_SQL}, {_GENRES}, {_CREDITS % 10}, {_POSTER} FROM media_items m"
            f" WHERE m.id = %(id)s AND {_SEEN}) r",
            variables=[{"id": f"itm_{film}"} for film in films],
            keys=lambda values: {"id": values["id"].removeprefix("itm_"), "first": 1},
            times_postgraphile=2.0,
            times_bare=2.3,
        ),
        "wide 500": Race(
            ours=_ours(_WIDE, condition="originalLanguage: {eq: $language}", **by_language),
            theirs=_theirs(_WIDE, condition="originalLanguage: $language", **by_language),
            sql=_list_sql(_WIDE_SQL, "m.original_language = %(language)s"),
            variables=[{"language": language, "first": first} for first in range(485, 501) for language in LANGUAGES],
            keys=lambda values: values,
            times_postgraphile=4.0,
            times_bare=1.7,
        ),
    }


def plain(films: Any, *, moments: bool = True) -> list[dict[str, Any]]:
    """An answer of either server, without what each writes in its own way: ids, 64-bit numbers, the poster, moments.

    Two databases were filled at different moments: `moments=False` leaves them out."""
    rows = films["nodes"] if isinstance(films, dict) and "nodes" in films else films if isinstance(films, list) else [films]
    return [_plain_film(row, moments=moments) for row in rows]


def _key(value: Any) -> int:
    return int(str(value).rpartition("_")[2])


def _plain_film(row: dict[str, Any], *, moments: bool) -> dict[str, Any]:
    film = {**row, "id": _key(row["id"])}
    for name in ("runtimeMs", "budget", "revenue"):
        if film.get(name) is not None:
            film[name] = int(film[name])
    for name in ("createdAt", "updatedAt"):
        if name in film:
            film[name] = film[name][:19] if moments else None
    if "genres" in film:
        film["genres"] = sorted((_key(each["id"]), each["name"]) for each in film["genres"])
        credits = film["credits"]["nodes"] if isinstance(film["credits"], dict) else film["credits"]
        film["credits"] = [
            (each["role"], each["position"], _key(each["person"]["id"]), each["person"]["name"]) for each in credits
        ]
        posters = film["poster"] if isinstance(film["poster"], list) else [film["poster"]]
        film["poster"] = [_key(each["id"]) for each in posters if each is not None]
    return film
