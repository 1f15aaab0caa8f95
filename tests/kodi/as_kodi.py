"""What a Kodi shows of its library, over JSON-RPC."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.kodi.shape import Fields, Key, Shown, by_id, language, picture, score, series_folder
from tests.peers.kodi.player import Kodi

Entry = Mapping[str, Any]

_FILM = (
    "title originaltitle sorttitle plot plotoutline tagline year premiered runtime uniqueid imdbnumber ratings mpaa genre studio"
    " country tag director writer cast set art file streamdetails"
)
_SERIES = (
    "title originaltitle sorttitle plot year premiered runtime uniqueid imdbnumber ratings mpaa genre studio tag cast art file"
    " season episode"
)
_SEASON = "title season episode tvshowid art"
_EPISODE = (
    "title originaltitle plot season episode firstaired runtime uniqueid ratings director writer cast art file streamdetails"
    " tvshowid specialsortseason specialsortepisode"
)
# The names that Kodi's own scrapers give to the sources of ratings, in Marquee's words.
_SOURCES = {
    "themoviedb": "tmdb",
    "tomatometerallcritics": "rotten_tomatoes",
    "tomatometeravgaudience": "rotten_tomatoes_audience",
}
_LAST = 0x1000
"""The episode before which Kodi puts what stands after the last of a season."""
_AMERICAN = {"G", "PG", "PG-13", "R", "NC-17", "TV-Y", "TV-Y7", "TV-G", "TV-PG", "TV-14", "TV-MA"}
_BOARD = re.compile(r":(FSK|BBFC|ACB) ")


def read(kodi: Kodi, root: Path) -> Shown:
    """Every film, collection, series, season and episode; `root` is the folder that holds both libraries."""
    reader = _Reader(root)
    films = _all(kodi, "GetMovies", "movies", _FILM)
    series = _all(kodi, "GetTVShows", "tvshows", _SERIES)
    shows = {one["tvshowid"]: one for one in series}
    found = {**dict(map(reader.film, films)), **dict(map(reader.series, series))}
    for one in _all(kodi, "GetMovieSets", "sets", "title plot"):
        members = [key[1] for key, fields in found.items() if fields.get("collection") == one["title"]]
        found["collection", one["title"]] = {"plot": one["plot"] or None, "films": sorted(members)}
    for one in _all(kodi, "GetSeasons", "seasons", _SEASON):
        found.update([reader.season(one, shows[one["tvshowid"]])])
    for one in _all(kodi, "GetEpisodes", "episodes", _EPISODE):
        found.update([reader.episode(one, shows[one["tvshowid"]])])
    return found


def _all(kodi: Kodi, method: str, name: str, properties: str) -> list[Entry]:
    entries: list[Entry] = kodi.call(f"VideoLibrary.{method}", properties=properties.split()).get(name, [])
    return entries


class _Reader:
    """Puts entries into the common shape. Kodi's "" and 0 say that there is nothing."""

    def __init__(self, root: Path) -> None:
        self._root = f"{root}/"

    def film(self, entry: Entry) -> tuple[Key, Fields]:
        files = self._files(entry["file"])
        fields = {
            **self._common(entry),
            **self._played(entry),
            "outline": entry["plotoutline"] or None,
            "tagline": entry["tagline"] or None,
            "sort title": entry["sorttitle"] or None,
            "default id": entry["imdbnumber"] or None,
            "year": entry["year"] or None,
            "release date": entry["premiered"] or None,
            "certificates": _certificates(entry["mpaa"]),
            "genres": entry["genre"],
            "studios": entry["studio"],
            "countries": entry["country"],
            "tags": sorted(entry["tag"]),
            "collection": entry["set"] or None,
            "cast": _cast(entry["cast"]),
            "cast pictures": self._portraits(entry["cast"]),
        }
        return ("film", files[0]), fields

    def series(self, entry: Entry) -> tuple[Key, Fields]:
        fields = {
            **self._common(entry),
            "sort title": entry["sorttitle"] or None,
            "default id": entry["imdbnumber"] or None,
            "year": entry["year"] or None,
            "release date": entry["premiered"] or None,
            "runtime": entry["runtime"] or None,
            "certificates": _certificates(entry["mpaa"]),
            "genres": entry["genre"],
            "studios": entry["studio"],
            "tags": sorted(entry["tag"]),
            "cast": _cast(entry["cast"]),
            "cast pictures": self._portraits(entry["cast"]),
            "seasons": entry["season"],
            "episodes": entry["episode"],
        }
        return ("series", self._folder(entry)), fields

    def season(self, entry: Entry, show: Entry) -> tuple[Key, Fields]:
        fields = {"title": entry["title"], "episodes": entry["episode"], "art": self._art(entry["art"])}
        return ("season", self._folder(show), str(entry["season"])), fields

    def episode(self, entry: Entry, show: Entry) -> tuple[Key, Fields]:
        before = entry["specialsortepisode"]
        special = (entry["specialsortseason"], before if before != _LAST else None)
        regular = {(one["name"], one["role"]) for one in show["cast"]}
        own = [one for one in entry["cast"] if (one["name"], one["role"]) not in regular]  # it appends the series' cast
        fields = {
            **self._common(entry),
            **self._played(entry),
            "release date": entry["firstaired"] or None,
            "shown before": special if special[0] != -1 else None,
            "guests": _cast(own),
        }
        return ("episode", self._folder(show), str(entry["season"]), str(entry["episode"])), fields

    def _common(self, entry: Entry) -> dict[str, Any]:
        ratings = entry["ratings"].items()
        return {
            "title": entry["title"],
            "original title": entry["originaltitle"] or None,
            "plot": entry["plot"] or None,
            "ids": by_id(entry.get("uniqueid", {}).items()),
            "ratings": {_SOURCES.get(name, name): score(one["rating"], one["votes"]) for name, one in ratings},
            "art": self._art(entry["art"]),
        }

    def _played(self, entry: Entry) -> dict[str, Any]:
        details = entry["streamdetails"]
        return {
            "files": self._files(entry["file"]),
            "runtime": entry["runtime"] or None,
            "directors": entry["director"],
            "writers": entry["writer"],
            "length": max((one["duration"] for one in details["video"]), default=None),
            "video": [
                (one["codec"], one["width"], one["height"], round(one["aspect"], 2), one["hdrtype"] or None)
                for one in details["video"]
            ],
            "audio": [(one["codec"], one["channels"], language(one["language"])) for one in details["audio"]],
            "subtitles": sorted(language(one["language"]) or "" for one in details["subtitle"]),
        }

    def _art(self, art: Mapping[str, str]) -> dict[str, str]:
        """Its own pictures: what it inherits has a dot in its name, `icon` is one of the skin's."""
        return {name: self._picture(url) for name, url in sorted(art.items()) if "." not in name and name != "icon"}

    def _portraits(self, cast: Iterable[Entry]) -> dict[str, str]:
        return {one["name"]: self._picture(one["thumbnail"]) for one in cast if one.get("thumbnail")}

    def _picture(self, url: str) -> str:
        place = unquote(url.removeprefix("image://").removesuffix("/"))
        return picture(Path(place).read_bytes()) if place.startswith(self._root) else place

    def _files(self, file: str) -> list[str]:
        parts = file.removeprefix("stack://").split(" , ") if file.startswith("stack://") else [file]
        return [part.removeprefix(self._root) for part in parts]

    def _folder(self, show: Entry) -> str:
        return series_folder(str(show["file"]).removeprefix(self._root))


def _cast(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return [(one["name"], one["role"]) for one in sorted(entries, key=lambda one: int(one["order"]))]


def _certificates(written: str) -> list[str]:
    """`US:PG-13`, `DE:12` and `:APPROVED`, from the text that Kodi keeps as it is: `PG-13`, `DE:FSK 12`, `Approved`."""
    found = []
    for part in filter(None, map(str.strip, written.split(" / "))):
        country, _, code = _BOARD.sub(":", part).rpartition(":")
        found.append(f"{country or ('US' if code in _AMERICAN else '')}:{code.upper()}")
    return found
