"""Finding one of our items in a Kodi's library: by its path, by title and year, by looking through all ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.kit.errors import Conflict
from domain.players.enums import MediaKind
from domain.players.kodi.playback import Call
from domain.players.kodi.reading import media_of, parts, text
from domain.players.kodi.wire import Refused, mapping, rows
from domain.players.model import Media
from domain.players.reading import same_spelling

_PAGE: Final = 200
_MOST_PAGES: Final = 500
"""Of a library that grows while it is read; 100,000 items."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where Kodi keeps a kind: its method, the name of its list, what its items tell, how one of them is asked for."""

    type: str
    method: str
    list: str
    properties: tuple[str, ...]
    details: str

    @property
    def key(self) -> str:
        return f"{self.type}id"


_SHELVES: Final = {
    MediaKind.MOVIE: _Shelf(
        "movie", "VideoLibrary.GetMovies", "movies", ("title", "year", "file", "uniqueid"), "VideoLibrary.GetMovieDetails"
    ),
    MediaKind.SERIES: _Shelf(
        "tvshow", "VideoLibrary.GetTVShows", "tvshows", ("title", "year", "file", "uniqueid"), "VideoLibrary.GetTVShowDetails"
    ),
    MediaKind.EPISODE: _Shelf(
        "episode", "VideoLibrary.GetEpisodes", "episodes", ("title", "showtitle", "season", "episode", "file", "uniqueid"),
        "VideoLibrary.GetEpisodeDetails",
    ),
    MediaKind.TRACK: _Shelf(
        "song", "AudioLibrary.GetSongs", "songs", ("title", "year", "file"), "AudioLibrary.GetSongDetails"
    ),
    MediaKind.MUSIC_VIDEO: _Shelf(
        "musicvideo", "VideoLibrary.GetMusicVideos", "musicvideos", ("title", "year", "file"), "VideoLibrary.GetMusicVideoDetails"
    ),
}  # fmt: skip


def find(call: Call, wanted: Media) -> Media | None:
    """The item: at its path if no id speaks against it, by an id wherever it lies, by its path whatever its ids.

    Kodi cannot be asked for an id: those of the same title and year are compared first, then all, page by page.
    """
    shelf = _SHELVES.get(wanted.kind)
    if shelf is None:
        return None
    there = _at(call, shelf, wanted)
    if there is not None and not _differs(there, wanted):
        return there
    if wanted.kind is MediaKind.EPISODE:
        return _by_number(call, shelf, wanted) or there
    if wanted.ids:
        for rules in _guesses(wanted):
            for row in _rows(call, shelf, rules):
                one = media_of(row, shelf.type)
                if _shares(one, wanted):
                    return one
    return there


def playable(call: Call, media: Media) -> dict[str, Any]:
    """What Player.Open and Playlist.Add take.

    An id may have changed hands since we heard it, and a film in parts is more than its first file: the id is taken if
    its item still has the file that we know.
    """
    shelf = _SHELVES.get(media.kind)
    if media.key is not None and media.kind is MediaKind.CHANNEL:
        return {"channelid": int(media.key)}
    if shelf is not None and media.key is not None and media.kind is not MediaKind.SERIES:
        try:
            answer = mapping(call(shelf.details, {shelf.key: int(media.key), "properties": ["file"]}), "an item")
            file = text(mapping(answer.get(f"{shelf.type}details"), "an item").get("file"))
        except Refused:
            file = None
        if file is not None and (media.path is None or _same(media.path, file)):
            return {shelf.key: int(media.key)}
    if media.path is None:
        raise Conflict("Kodi has no such item any more, and no file of it is known.")
    return {"file": media.path}


def _at(call: Call, shelf: _Shelf, wanted: Media) -> Media | None:
    """What lies at the path."""
    if wanted.path is None:
        return None
    path = wanted.path.rstrip("/\\")
    folder, name = _split(path)
    if wanted.kind is MediaKind.SERIES:
        rules = [_rule("path", path + path_separator(path))]
    else:  # the name of a film in parts holds those of its parts
        rules = [_rule("path", folder), _rule("filename", name, "contains")]
    there = [media_of(one, shelf.type) for one in _rows(call, shelf, rules) if _same(path, text(one.get("file")) or "")]
    numbers = (wanted.season, wanted.episode)  # of several episodes in one file the right one
    return next((one for one in there if (one.season, one.episode) == numbers), there[0] if there else None)


def _by_number(call: Call, shelf: _Shelf, wanted: Media) -> Media | None:
    """An episode by the numbers in its series, which has ids of its own; its own ids must not speak against it."""
    if wanted.season is None or wanted.episode is None or not wanted.show_ids:
        return None
    series = find(call, Media(MediaKind.SERIES, wanted.show_title or "", ids=wanted.show_ids))
    if series is None or series.key is None:
        return None
    within = {"tvshowid": int(series.key), "season": wanted.season}
    for row in _rows(call, shelf, [], within=within):
        one = media_of(row, shelf.type)
        if one.episode == wanted.episode and not _differs(one, wanted):
            return one
    return None


def _guesses(wanted: Media) -> Iterator[list[dict[str, Any]]]:
    """Ever wider questions in which an item with our ids may be."""
    if wanted.title and wanted.year and wanted.kind is MediaKind.MOVIE:
        yield [_rule("title", wanted.title), _rule("year", str(wanted.year))]
    elif wanted.title:
        yield [_rule("title", wanted.title)]
    yield []


def _rows(
    call: Call, shelf: _Shelf, rules: list[dict[str, Any]], *, within: Mapping[str, int] | None = None
) -> Iterator[Mapping[str, Any]]:
    """All that meet the rules, a page at a time; nothing of earlier pages is kept."""
    start = 0
    for _ in range(_MOST_PAGES):
        asked: dict[str, Any] = {"properties": shelf.properties, "limits": {"start": start, "end": start + _PAGE}}
        asked |= within or {}
        if rules:
            asked["filter"] = {"and": rules}
        answer = mapping(call(shelf.method, asked), shelf.list)
        page = rows(answer, shelf.list)
        yield from page
        start += _PAGE
        total = mapping(answer.get("limits") or {}, "limits").get("total")
        if len(page) < _PAGE or not isinstance(total, int) or start >= total:
            return


def _differs(found: Media, wanted: Media) -> bool:
    """Whether both have an id of the same catalogue, and never the same one."""
    common = found.ids.keys() & wanted.ids.keys()
    return bool(common) and all(found.ids[name] != wanted.ids[name] for name in common)


def _shares(found: Media, wanted: Media) -> bool:
    return any(found.ids.get(name) == value for name, value in wanted.ids.items())


def _rule(field: str, value: str, operator: str = "is") -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def path_separator(path: str) -> str:
    """The one that a path of the player's is written with."""
    return "\\" if "\\" in path and "/" not in path else "/"


def _split(path: str) -> tuple[str, str]:
    """The folder with its separator, and the name."""
    separator = path_separator(path)
    head, _, name = path.rpartition(separator)
    return head + separator, name


def _same(path: str, file: str) -> bool:
    """Whether two paths of the player's are one; part of a film in parts is the film."""
    return any(same_spelling(path, one) for one in parts(file))
