"""How TMDB's answers are read: its words and lists as ours (reference: developer.themoviedb.org, API v3)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from domain.catalog.enums import EntityKind, EpisodeOrdering, ProductionStatus, ReleaseType
from domain.providers import tmdb_people
from domain.providers.model import (
    Candidate,
    Certificate,
    Details,
    Id,
    OrderOnOffer,
    OtherTitle,
    Picture,
    Release,
    Translation,
)
from domain.providers.reading import (
    Row,
    country,
    day,
    identifier,
    language,
    names,
    positive,
    real,
    row,
    rows,
    score,
    text,
    whole,
)

IMAGES: Final = "https://image.tmdb.org/t/p/"
_MINUTE_MS: Final = 60_000
_SPACES: Final = {EntityKind.SERIES: "tv"}
"""Spaces of TMDB's ids that are not called as the kind is."""
_STATUS: Final = {
    "Rumored": ProductionStatus.RUMORED, "Planned": ProductionStatus.PLANNED, "In Production": ProductionStatus.IN_PRODUCTION,
    "Post Production": ProductionStatus.POST_PRODUCTION, "Released": ProductionStatus.RELEASED,
    "Returning Series": ProductionStatus.RETURNING, "Ended": ProductionStatus.ENDED, "Canceled": ProductionStatus.CANCELED,
    "Pilot": ProductionStatus.PILOT,
}  # fmt: skip
_OVER: Final = frozenset({ProductionStatus.ENDED, ProductionStatus.CANCELED})
_RELEASES: Final = {
    1: ReleaseType.PREMIERE, 2: ReleaseType.LIMITED, 3: ReleaseType.THEATRICAL, 4: ReleaseType.DIGITAL,
    5: ReleaseType.PHYSICAL, 6: ReleaseType.TV,
}  # fmt: skip
_ORDERS: Final = {
    1: EpisodeOrdering.AIRED, 2: EpisodeOrdering.ABSOLUTE, 3: EpisodeOrdering.DVD, 4: EpisodeOrdering.DIGITAL,
    5: EpisodeOrdering.STORY, 6: EpisodeOrdering.PRODUCTION,
}  # fmt: skip
_PICTURES: Final = {"posters": "poster", "logos": "clearlogo", "stills": "thumb", "profiles": "actor_thumb"}
_IDS: Final = {"imdb_id": "imdb", "tvdb_id": "tvdb", "wikidata_id": "wikidata", "facebook_id": "facebook",
               "instagram_id": "instagram", "twitter_id": "twitter", "tvrage_id": "tvrage"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """Of one answer. `language` is the one that was asked for, `images` where pictures are."""

    provider: str
    language: str
    images: str

    def candidates(self, kind: EntityKind, found: Iterable[Row]) -> tuple[Candidate, ...]:
        """Summaries of films or series; those without id or title are left out."""
        return tuple(each for one in found if (each := self._candidate(kind, one)) is not None)

    def _candidate(self, kind: EntityKind, one: Row) -> Candidate | None:
        key = identifier(one.get("id"))
        title = text(one.get("title")) or text(one.get("name")) or _original(one)
        if key is None or title is None:
            return None
        votes = whole(one.get("vote_count"))
        return Candidate(
            self.provider, kind, key, title, _original(one), language(one.get("original_language")), _first_day(one),
            text(one.get("overview")), self._url(one.get("poster_path"), "w342"), score(one.get("vote_average"), votes), votes,
            real(one.get("popularity")),
        )  # fmt: skip

    def details(self, kind: EntityKind, one: Row, asked: str) -> Details:
        """Of any kind. `asked` is the id that was asked for: a season's and an episode's own differs."""
        status = _STATUS.get(text(one.get("status")) or "")
        votes = whole(one.get("vote_count"))
        key = identifier(one.get("id")) or asked
        collection = row(one.get("belongs_to_collection"))
        return Details(
            provider=self.provider, kind=kind, external_id=key, language=self.language,
            title=text(one.get("title")) or text(one.get("name")), original_title=_original(one),
            original_language=language(one.get("original_language")), tagline=text(one.get("tagline")),
            plot=text(one.get("overview")) or text(one.get("biography")), release_date=_first_day(one),
            end_date=day(one.get("last_air_date")) if status in _OVER else None, runtime_ms=_runtime(one),
            production_status=status, homepage=_web(one.get("homepage")), popularity=real(one.get("popularity")),
            budget=positive(one.get("budget")), revenue=positive(one.get("revenue")),
            score=score(one.get("vote_average"), votes), votes=votes,
            season_number=whole(one.get("season_number")), episode_number=whole(one.get("episode_number")),
            episode_count=positive(one.get("episode_count")),
            birth_date=day(one.get("birthday")), death_date=day(one.get("deathday")),
            birthplace=text(one.get("place_of_birth")),
            collection=next(iter(self.candidates(EntityKind.COLLECTION, [collection])), None),
            ids=self._ids(kind, one, key), genres=names(one.get("genres")),
            keywords=names(row(one.get("keywords")).get("keywords")) or names(row(one.get("keywords")).get("results")),
            countries=_countries(one), studios=tmdb_people.organisations(one, self._url), certificates=tuple(_certificates(one)),
            releases=tuple(_releases(one)), participations=tmdb_people.participations(one, self._url),
            pictures=tuple(self._pictures(one)), other_titles=tuple(_other_titles(one)), translations=tuple(_translations(one)),
            related=self._related(kind, one), parts=self._parts(kind, one), orders=tuple(_orders(one)),
        )  # fmt: skip

    def ordered(self, one: Row) -> tuple[Details, ...]:
        """The episodes of a group, numbered as it counts them."""
        found = []
        for group in rows(one.get("groups")):
            for each in rows(group.get("episodes")):
                season, number = whole(group.get("order")), whole(each.get("order"))
                if season is not None and number is not None and identifier(each.get("id")) is not None:
                    details = self.details(EntityKind.EPISODE, each, "")
                    first = None
                    if details.season_number is not None and details.episode_number is not None:
                        first = (details.season_number, details.episode_number)
                    found.append(replace(details, season_number=season, episode_number=number + 1, aired=first))
        return tuple(found)

    def _url(self, path: Any, size: str = "original") -> str | None:
        known = text(path)
        is_name = known is not None and known.startswith("/") and known.count("/") == 1 and ".." not in known
        return f"{self.images}{size}{known}" if is_name else None

    def _ids(self, kind: EntityKind, one: Row, key: str) -> tuple[Id, ...]:
        space = _SPACES.get(kind, kind.value)
        found = [Id(self.provider, space, key)]
        said = {**one, **{name: value for name, value in row(one.get("external_ids")).items() if value is not None}}
        for name, provider in _IDS.items():
            value = identifier(said.get(name))
            if value is not None:
                found.append(Id(provider, _space(provider, kind), value))
        return tuple(found)

    def _pictures(self, one: Row) -> Iterator[Picture]:
        """Those of `images`; of a season or episode in the answer of what is above it the one that stands there."""
        offered = row(one.get("images"))
        if "images" not in one and "episode_number" in one:
            still = text(one.get("still_path"))
            offered = {"stills": [] if still is None else [{"file_path": still}]}
        for group in ("posters", "backdrops", "logos", "stills", "profiles"):
            for each in rows(offered.get(group)):
                url, path, said = self._url(each.get("file_path")), text(each.get("file_path")), language(each.get("iso_639_1"))
                if url is None or path is None:
                    continue
                votes = whole(each.get("vote_count"))
                # a backdrop with words on it is what Kodi calls landscape
                asset_type = _PICTURES.get(group) or ("fanart" if said is None else "landscape")
                yield Picture(
                    asset_type, url, path, positive(each.get("width")), positive(each.get("height")), said,
                    score(each.get("vote_average"), votes), votes,
                )  # fmt: skip

    def _related(self, kind: EntityKind, one: Row) -> tuple[Candidate, ...]:
        if kind is EntityKind.COLLECTION:
            return self.candidates(EntityKind.MOVIE, rows(one.get("parts")))
        return self.candidates(kind, rows(row(one.get("recommendations")).get("results")))

    def _parts(self, kind: EntityKind, one: Row) -> tuple[Details, ...]:
        if kind is EntityKind.SERIES:
            inner, found = EntityKind.SEASON, one.get("seasons")
        elif kind is EntityKind.SEASON:
            inner, found = EntityKind.EPISODE, one.get("episodes")
        else:
            return ()
        return tuple(self.details(inner, each, "") for each in rows(found) if identifier(each.get("id")) is not None)


def _original(one: Row) -> str | None:
    return text(one.get("original_title")) or text(one.get("original_name"))


def _first_day(one: Row) -> Any:
    return day(one.get("release_date")) or day(one.get("first_air_date")) or day(one.get("air_date"))


def _runtime(one: Row) -> int | None:
    minutes = positive(one.get("runtime"))
    if minutes is None and isinstance(one.get("episode_run_time"), list):
        minutes = next((found for each in one["episode_run_time"] if (found := positive(each)) is not None), None)
    return None if minutes is None or minutes > 10_000 else minutes * _MINUTE_MS


def _web(value: Any) -> str | None:
    known = text(value)
    return known if known is not None and known.startswith(("https://", "http://")) else None


def _space(provider: str, kind: EntityKind) -> str:
    if provider == "imdb":
        return "person" if kind is EntityKind.PERSON else "title"
    return kind.value if provider == "tvdb" else ""


def _countries(one: Row) -> tuple[str, ...]:
    made = [country(each.get("iso_3166_1")) for each in rows(one.get("production_countries"))]
    origin = one.get("origin_country")
    said = [country(each) for each in origin] if isinstance(origin, list) else []
    return tuple(dict.fromkeys(each for each in made or said if each is not None))


def _certificates(one: Row) -> Iterator[Certificate]:
    """A film's hang on its releases (the first that has one counts), a series' stand by themselves."""
    for each in rows(row(one.get("release_dates")).get("results")):
        place = country(each.get("iso_3166_1"))
        codes = [code for release in rows(each.get("release_dates")) if (code := text(release.get("certification"))) is not None]
        if place is not None and codes:
            yield Certificate(place, codes[0])
    for each in rows(row(one.get("content_ratings")).get("results")):
        place, code = country(each.get("iso_3166_1")), text(each.get("rating"))
        if place is not None and code is not None:
            yield Certificate(place, code)


def _releases(one: Row) -> Iterator[Release]:
    for each in rows(row(one.get("release_dates")).get("results")):
        place = country(each.get("iso_3166_1"))
        for release in rows(each.get("release_dates")):
            kind, moment = _RELEASES.get(whole(release.get("type")) or 0), day(release.get("release_date"))
            if place is not None and kind is not None and moment is not None:
                yield Release(place, kind, moment, text(release.get("note")))


def _other_titles(one: Row) -> Iterator[OtherTitle]:
    said = row(one.get("alternative_titles"))
    for each in rows(said.get("titles") or said.get("results")):
        title = text(each.get("title"))
        if title is not None:
            yield OtherTitle(title, country(each.get("iso_3166_1")))


def _translations(one: Row) -> Iterator[Translation]:
    for each in rows(row(one.get("translations")).get("translations")):
        spoken, said = language(each.get("iso_639_1")), row(each.get("data"))
        texts: Sequence[str | None] = (
            text(said.get("title")) or text(said.get("name")), text(said.get("tagline")),
            text(said.get("overview")) or text(said.get("biography")),
        )  # fmt: skip
        if spoken is not None and any(texts):
            yield Translation(spoken, country(each.get("iso_3166_1")), *texts)


def _orders(one: Row) -> Iterator[OrderOnOffer]:
    for each in rows(row(one.get("episode_groups")).get("results")):
        ordering, key = _ORDERS.get(whole(each.get("type")) or 0), identifier(each.get("id"))
        if ordering is not None and key is not None:
            yield OrderOnOffer(ordering, key, text(each.get("name")) or ordering.value)
