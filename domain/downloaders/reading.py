"""What a webhook of Radarr, Sonarr or Lidarr says: read leniently, believed in nothing but where to look.

Source: their code, `NzbDrone.Core/Notifications/Webhook` (Radarr 6.1, Sonarr 4 and 5, Lidarr 2.14). Nulls are omitted there;
ids of 0 and "" mean none; `deletedFiles` is a list in a Download and a boolean in a *Delete.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.downloaders.enums import Effect
from domain.kit.spelling import counted
from domain.libraries.enums import SourceKind
from domain.providers.reading import row, rows

_MOST_FILES: Final = 1_000
"""Of one webhook; the folders of more would be the same."""
_MOST_PATH: Final = 4_096
_IMDB: Final = re.compile(r"tt[0-9]{5,12}")
_MBID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

CatalogueIds = tuple[tuple[str, str, str], ...]
"""[provider, namespace, id] each, as our catalogue calls them."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one of them calls its things."""

    thing: str
    folder: str
    files: tuple[str, ...]
    """Where a Download names its files: an object or a list."""
    renamed: str


DIALECTS: Final[Mapping[SourceKind, Dialect]] = {
    SourceKind.RADARR: Dialect("movie", "folderPath", ("movieFile",), "renamedMovieFiles"),
    SourceKind.SONARR: Dialect("series", "path", ("episodeFile", "episodeFiles"), "renamedEpisodeFiles"),
    SourceKind.LIDARR: Dialect("artist", "path", ("trackFile", "trackFiles"), "renamedTrackFiles"),
}
_SCANNED: Final = frozenset({"download", "rename", "moviefiledelete", "episodefiledelete", "retag"})
_DELETED: Final = frozenset({"moviedelete", "seriesdelete", "artistdelete", "albumdelete"})
_TOLD: Final = {
    "grab": "downloader.grabbed", "movieadded": "downloader.added", "seriesadd": "downloader.added",
    "artistadd": "downloader.added", "health": "downloader.health_issue", "healthrestored": "downloader.health_restored",
    "applicationupdate": "downloader.updated", "manualinteractionrequired": "downloader.interaction_required",
    "downloadfailure": "downloader.download_failed", "importfailure": "downloader.import_failed",
}  # fmt: skip
"""eventType in lower case -> the event that tells of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a webhook means.

    `folder` is that of the film, series or artist, `files` are files in it, both as the sender calls them; `gone` are places
    that files left. `ids` are what the sender takes the folder for. `fact` is the event to tell, with its `details`.
    """

    effect: Effect
    type: str
    said: str
    """For people: what happened."""
    folder: str | None = None
    files: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    ids: CatalogueIds = ()
    is_series: bool = False
    """Several files are likely to come one after the other."""
    is_upgrade: bool = False
    expects_folder: bool = False
    """Something came: the folder is there, or a mapping is wrong."""
    fact: str | None = None
    details: Mapping[str, Any] | None = None


def read(kind: SourceKind, payload: Any) -> Reading:
    """What a body means. Never raises: what has no meaning has no effect."""
    body = row(payload)
    dialect = DIALECTS[kind]
    given = storable(body.get("eventType")) or ""
    name, thing = given.casefold(), row(body.get(dialect.thing))
    if name == "test":
        return Reading(Effect.NOTHING, given, "A test: everything is connected as it should be.")
    title = _title(thing, dialect) or _download(body)
    if name in _TOLD:
        return Reading(Effect.TELL, given, _words(name, title, body), fact=_TOLD[name], details=_details(name, title, body))
    folder, ids = _path(thing.get(dialect.folder)), ids_of(kind, thing, row(body.get("remoteMovie")))
    if name in _DELETED:
        return _deleted(given, body, title, folder)
    if name not in _SCANNED:
        words = f"{given} is not known here: kept, and nothing done." if given else "It does not say what it is: kept."
        return Reading(Effect.NOTHING, given, words)
    is_series = kind is not SourceKind.RADARR
    files = tuple(_files(body, dialect.files))
    match name:
        case "rename":
            renamed = _objects(body.get(dialect.renamed))
            new, old = _paths(renamed, "path"), _paths(renamed, "previousPath")
            return Reading(
                Effect.SCAN, given, _about(title, f"{_counted(len(renamed))} renamed."), folder, new, old, ids, is_series,
                expects_folder=True,
            )  # fmt: skip
        case "moviefiledelete" | "episodefiledelete":
            reason = storable(body.get("deleteReason")) or "no reason given"
            if reason.casefold() == "upgrade":  # the file that takes its place comes with a Download of its own
                said = _about(title, "a file makes way for a better one; what is known of it stays.")
                return Reading(Effect.NOTHING, given, said)
            return Reading(Effect.SCAN, given, _about(title, f"a file was deleted ({reason[:100]})."), folder, (), files)
        case "retag":
            return Reading(Effect.SCAN, given, _about(title, "a file has other tags."), folder, files, (), ids, is_series)
        case _:
            is_upgrade = body.get("isUpgrade") is True
            old = _paths(_objects(body.get("deletedFiles")), "path")
            said = _about(title, f"{_counted(len(files))} came{' in place of others' if is_upgrade else ''}.")
            return Reading(Effect.SCAN, given, said, folder, files, old, ids, is_series, is_upgrade, expects_folder=True)


def other_sender(kind: SourceKind, payload: Any) -> SourceKind | None:
    """Whose a body is that came to the source of another kind: it speaks of their things, or calls itself by their name."""
    body = row(payload)
    if row(body.get(DIALECTS[kind].thing)):
        return None
    name = (storable(body.get("instanceName")) or "").casefold()
    others = (other for other in DIALECTS if other is not kind)
    return next((other for other in others if row(body.get(DIALECTS[other].thing)) or name == other.value), None)


def _deleted(given: str, body: Mapping[str, Any], title: str, folder: str | None) -> Reading:
    if body.get("deletedFiles") is not True:
        said = f"{title or 'Something'} is not managed there any more; its files stay, and so does what we know."
        return Reading(Effect.NOTHING, given, said)
    said = f"{title or 'Something'} was deleted there with its files."
    return Reading(Effect.SCAN, given, said, folder)


def _files(body: Mapping[str, Any], names: Sequence[str]) -> Iterable[str]:
    for name in names:
        given = body.get(name)
        yield from _paths(_objects(given) if isinstance(given, list) else [row(given)], "path")


def ids_of(kind: SourceKind, *things: Mapping[str, Any]) -> CatalogueIds:
    """What the sender takes it for, in the spaces of our catalogue; what is no id of a catalogue is left out."""
    movie = kind is SourceKind.RADARR
    found: list[tuple[str, str, str]] = []
    if kind is SourceKind.LIDARR:
        mbid = (storable(things[0].get("mbId")) or "").lower()
        return (("musicbrainz", "artist", mbid),) if _MBID.fullmatch(mbid) else ()
    for each in things:
        for name, provider, namespace in (
            ("tmdbId", "tmdb", "movie" if movie else "tv"), ("tvdbId", "tvdb", "movie" if movie else "series"),
            ("tvMazeId", "tvmaze", "movie" if movie else "series"),
        ):  # fmt: skip
            number = each.get(name)
            if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31:
                found.append((provider, namespace, str(number)))
        imdb = (storable(each.get("imdbId")) or "").lower()
        if _IMDB.fullmatch(imdb):
            found.append(("imdb", "title", imdb))
    first: dict[tuple[str, str], tuple[str, str, str]] = {}
    for one in found:
        first.setdefault(one[:2], one)
    return tuple(first.values())


_SHOWN: Final = ("level", "message", "type", "previousVersion", "newVersion", "downloadStatus", "releaseTitle", "addMethod")


def _details(name: str, title: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the event tells: short texts alone."""
    found: dict[str, Any] = {"title": title} if title else {}
    release = row(body.get("release")) or row(body.get("downloadInfo"))
    for source in (release, body):
        for key in _SHOWN:
            if (value := storable(source.get(key))) is not None:
                found[key] = value[:300]
    if (quality := storable(release.get("quality")) or storable(body.get("quality"))) is not None:
        found["quality"] = quality[:100]
    if messages := _messages(body):
        found["messages"] = messages
    return found


def _messages(body: Mapping[str, Any]) -> list[str]:
    """What keeps it from going on by itself."""
    records = _objects(body.get("downloadStatusMessages"))[:10]
    return [text[:300] for each in records for text in _texts(each.get("messages"))[:10]]


def _words(name: str, title: str, body: Mapping[str, Any]) -> str:
    message = (storable(body.get("message")) or "")[:300]
    match name:
        case "grab":
            return f"{title or 'Something'} is being downloaded."
        case "movieadded" | "seriesadd" | "artistadd":
            return f"{title or 'Something'} was added there."
        case "health":
            return f"Something is wrong there: {message}"
        case "healthrestored":
            return f"It is well again there: {message}"
        case "applicationupdate":
            return f"It was updated: {message}"
        case "manualinteractionrequired":
            why = f" ({'; '.join(messages[:3])})" if (messages := _messages(body)) else ""
            return _about(title, f"somebody has to help it there{why}.")
        case "downloadfailure":
            return f"A download failed there: {(storable(body.get('releaseTitle')) or '')[:300]}"
        case _:
            return _about(title, "an import failed there.")


def _counted(files: int) -> str:
    return counted(files, "file") if files else "files"


def _about(title: str, said: str) -> str:
    return f"{title}: {said}" if title else said[0].upper() + said[1:]


def _title(thing: Mapping[str, Any], dialect: Dialect) -> str:
    """What it is called; where it says no title, as its folder is; "" = it says neither."""
    title = storable(thing.get("title")) or storable(thing.get("name"))
    return (title or re.split(r"[\\/]", (storable(thing.get(dialect.folder)) or "").rstrip("\\/"))[-1])[:200]


def _download(body: Mapping[str, Any]) -> str:
    """What the download is called that it speaks of."""
    info, release = row(body.get("downloadInfo")), row(body.get("release"))
    return (storable(info.get("title")) or storable(release.get("releaseTitle")) or "")[:200]


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return list(rows(value))[:_MOST_FILES]


def _texts(value: Any) -> list[str]:
    return [text for each in value if (text := storable(each)) is not None] if isinstance(value, list) else []


def storable(value: Any) -> str | None:
    """A text that can be stored and shown; None for anything else, and for none."""
    return value.replace("\x00", "") or None if isinstance(value, str) else None


def _path(value: Any) -> str | None:
    """A path exactly as it was sent: what is odd in it is refused where it is mapped."""
    return value if isinstance(value, str) and 0 < len(value) <= _MOST_PATH else None


def _paths(records: Iterable[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for each in records if (path := _path(each.get(name))) is not None))
