"""What Marquee's API says of its libraries, over HTTP."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.kodi.server import Server
from tests.kodi.shape import Fields, Key, Shown, by_id, language, picture, score, series_folder

Entry = Mapping[str, Any]

_LIST = """
{
  movies(first: 100) { nodes { id } }
  series(first: 10) { nodes { id seasons { position title images { ...Shown } } episodes(first: 50) { nodes { id } } } }
  collections(first: 10) { nodes { name plot items(first: 20) { nodes { files { ...Use file { uri } } } } } }
}
fragment Shown on Image { type rank url }
fragment Use on ItemFile { role copyNumber partNumber isDefault }
"""
_ITEM = """
query Item($id: ID!) {
  node(id: $id) {
    ... on MediaItem {
      title originalTitle sortTitle plot outline tagline year releaseDate runtimeMs position
      externalIds { provider value isDefault } ratings { source value votes } certifications { country code isPrimary }
      genres { name } studios { name } countries { name } tags { key }
      images { type rank url } credits(first: 50) { nodes { department role person { name image { url } } } }
      files {
        role copyNumber partNumber isDefault
        file {
          uri durationMs videoStreams { codec width height aspectRatio hdrFormat }
          audioStreams { codec channels language } subtitleStreams { language }
        }
      }
    }
    ... on Movie { collections { name } }
    ... on Episode { season { position } orders { ordering displaySeason displayEpisode } }
  }
}
"""


def read(server: Server, root: Path) -> Shown:
    """Every film, collection, series, season and episode; `root` is the folder that holds both libraries."""

    def item(listed: Entry) -> Entry:
        node: Entry = server.ask(_ITEM, id=listed["id"])["node"]
        return node

    listed = server.ask(_LIST)
    reader = _Reader(server.bytes_of, root)
    found = {key: fields for one in listed["movies"]["nodes"] for key, fields in [reader.film(item(one))]}
    found.update(map(reader.collection, listed["collections"]["nodes"]))
    for one in listed["series"]["nodes"]:
        found.update(reader.series(item(one), one["seasons"], [item(episode) for episode in one["episodes"]["nodes"]]))
    return found


class _Reader:
    """Puts answers into the common shape."""

    def __init__(self, fetch: Callable[[str], bytes], root: Path) -> None:
        self._fetch = fetch
        self._root = f"{root}/"

    def film(self, node: Entry) -> tuple[Key, Fields]:
        fields = {
            **self._common(node),
            **self._played(node),
            **_described(node),
            "outline": node["outline"],
            "tagline": node["tagline"],
            "countries": _names(node["countries"]),
            "collection": next(iter(_names(node["collections"])), None),
            "cast": _cast(node),
            "cast pictures": self._portraits(node),
        }
        return ("film", self._files(node)[0]), fields

    def collection(self, node: Entry) -> tuple[Key, Fields]:
        films = sorted(self._files(one)[0] for one in node["items"]["nodes"])
        return ("collection", node["name"]), {"plot": node["plot"], "films": films}

    def series(self, node: Entry, seasons: Sequence[Entry], episodes: Sequence[Entry]) -> Iterable[tuple[Key, Fields]]:
        """The series, its seasons and its episodes."""
        folder = series_folder(self._files(episodes[0])[0])
        fields = {
            **self._common(node),
            **_described(node),
            "runtime": _seconds(node["runtimeMs"]),
            "cast": _cast(node),
            "cast pictures": self._portraits(node),
            "seasons": len(seasons),
            "episodes": len(episodes),
        }
        yield ("series", folder), fields
        for season in seasons:
            count = sum(one["season"]["position"] == season["position"] for one in episodes)
            told = {"title": season["title"], "episodes": count, "art": self._art(season["images"])}
            yield ("season", folder, str(season["position"])), told
        for one in episodes:
            yield ("episode", folder, str(one["season"]["position"]), str(one["position"])), self._episode(one)

    def _episode(self, node: Entry) -> Fields:
        aired = next((one for one in node["orders"] if one["ordering"] == "AIRED"), None)
        return {
            **self._common(node),
            **self._played(node),
            "shown before": (aired["displaySeason"], aired["displayEpisode"]) if aired else None,
            "guests": _cast(node),
        }

    def _common(self, node: Entry) -> dict[str, Any]:
        return {
            "title": node["title"],
            "original title": node["originalTitle"],
            "plot": node["plot"],
            "release date": node["releaseDate"],
            "ids": by_id((one["provider"], one["value"]) for one in node["externalIds"]),
            "ratings": {one["source"]: score(one["value"], one["votes"]) for one in node["ratings"]},
            "art": self._art(node["images"]),
        }

    def _played(self, node: Entry) -> dict[str, Any]:
        parts = [one["file"] for one in _main(node)]
        first = parts[0]
        return {
            "files": self._files(node),
            "runtime": _seconds(node["runtimeMs"]),
            "directors": _people(node, "DIRECTING"),
            "writers": _people(node, "WRITING"),
            "length": _seconds(sum(int(part["durationMs"]) for part in parts)),
            "video": [
                (one["codec"], one["width"], one["height"], _ratio(one["aspectRatio"]), one["hdrFormat"])
                for one in first["videoStreams"]
            ],
            "audio": [(one["codec"], one["channels"], language(one["language"])) for one in first["audioStreams"]],
            "subtitles": sorted(language(one["language"]) or "" for one in first["subtitleStreams"]),
        }

    def _art(self, images: Iterable[Entry]) -> dict[str, str]:
        """The shown ones: the first of a type has its name, the following ones a number behind it."""
        shown = [one for one in images if one["rank"] is not None]
        return {
            f"{one['type']}{one['rank'] or ''}": picture(self._fetch(one["url"]))
            for one in sorted(shown, key=lambda one: (str(one["type"]), int(one["rank"])))
        }

    def _portraits(self, node: Entry) -> dict[str, str]:
        people = (one["person"] for one in _credits(node, "CAST"))
        return {one["name"]: picture(self._fetch(one["image"]["url"])) for one in people if one["image"]}

    def _files(self, node: Entry) -> list[str]:
        return [str(one["file"]["uri"]).removeprefix(self._root) for one in _main(node)]


def _described(node: Entry) -> dict[str, Any]:
    return {
        "sort title": node["sortTitle"],
        "default id": next((one["value"] for one in node["externalIds"] if one["isDefault"]), None),
        "year": node["year"],
        "certificates": _certificates(node["certifications"]),
        "genres": _names(node["genres"]),
        "studios": _names(node["studios"]),
        "tags": sorted(one["key"] for one in node["tags"]),
    }


def _certificates(entries: Iterable[Entry]) -> list[str]:
    """The one that decides first."""
    named = sorted((not one["isPrimary"], f"{one['country']}:{one['code']}") for one in entries)
    return [name for _, name in named]


def _main(node: Entry) -> list[Entry]:
    """The parts of the copy that is played."""
    mains = [one for one in node["files"] if one["role"] == "MAIN"]
    copy = next(one["copyNumber"] for one in mains if one["isDefault"])
    return sorted((one for one in mains if one["copyNumber"] == copy), key=lambda one: int(one["partNumber"]))


def _credits(node: Entry, department: str) -> list[Entry]:
    return [one for one in node["credits"]["nodes"] if one["department"] == department]


def _people(node: Entry, department: str) -> list[str]:
    return [one["person"]["name"] for one in _credits(node, department)]


def _cast(node: Entry) -> list[tuple[str, str]]:
    return [(one["person"]["name"], one["role"]) for one in _credits(node, "CAST")]


def _names(entries: Iterable[Entry]) -> list[str]:
    return [str(one["name"]) for one in entries]


def _seconds(milliseconds: str | int | None) -> int | None:
    return int(milliseconds) // 1000 if milliseconds is not None else None


def _ratio(written: str | None) -> float | None:
    """`16:9` as a number."""
    wide, _, high = (written or "").partition(":")
    return round(int(wide) / int(high), 2) if high else None
