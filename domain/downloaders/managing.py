"""What a downloader manages and how it is set up, read at its own API; nothing of it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.downloaders.client import LONG, Api, records
from domain.downloaders.reading import CatalogueIds, ids_of, storable
from domain.libraries.enums import SourceKind
from domain.providers.reading import row

_LISTS: Final = {SourceKind.RADARR: "/movie", SourceKind.SONARR: "/series", SourceKind.LIDARR: "/artist"}
MOST: Final = 50_000
"""Things that are compared; whoever manages more sees the first."""


@dataclass(frozen=True, slots=True)
class RootFolder:
    """A folder that it puts things into, as it calls it."""

    path: str
    is_accessible: bool
    free_bytes: int | None


@dataclass(frozen=True, slots=True)
class Setup:
    """How it is set up: its folders, and the names of its quality profiles and tags by their numbers."""

    root_folders: Sequence[RootFolder]
    quality_profiles: Mapping[int, str]
    tags: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Managed:
    """A film, series or artist that it manages; `path` is its folder there, `file` a film's file."""

    id: int
    title: str
    year: int | None
    path: str
    file: str | None
    is_monitored: bool
    file_count: int
    size_bytes: int
    quality_profile: str | None
    tags: Sequence[str]
    ids: CatalogueIds


def setup(api: Api) -> Setup:
    """Raises Upstream."""
    host = api.downloader.target.host
    folders = [
        RootFolder(path, one.get("accessible") is True, _number(one.get("freeSpace")))
        for one in records(api.get("/rootfolder"), host)
        if (path := storable(one.get("path")))
    ]
    return Setup(folders, _names(api, "/qualityprofile", "name"), _names(api, "/tag", "label"))


def managed(api: Api, how: Setup) -> list[Managed]:
    """Everything it manages, by title. Raises Upstream."""
    kind = api.downloader.kind
    found = [_managed(kind, one, how) for one in records(api.get(_LISTS[kind], limits=LONG), api.downloader.target.host)[:MOST]]
    return sorted((one for one in found if one is not None), key=lambda one: (one.title.casefold(), one.id))


def _managed(kind: SourceKind, said: Mapping[str, Any], how: Setup) -> Managed | None:
    path, key = storable(said.get("path")), _number(said.get("id"))
    if not path or key is None:
        return None
    statistics, file = row(said.get("statistics")), row(said.get("movieFile"))
    count = _number(statistics.get("episodeFileCount")) or _number(statistics.get("trackFileCount")) or 0
    given = said.get("tags")
    tags = given if isinstance(given, list) else []
    return Managed(
        key, (storable(said.get("title")) or storable(said.get("artistName")) or "?")[:300],
        _number(said.get("year")) or None, path, storable(file.get("path")),
        said.get("monitored") is True, 1 if said.get("hasFile") is True else count,
        _number(said.get("sizeOnDisk")) or _number(statistics.get("sizeOnDisk")) or 0,
        how.quality_profiles.get(_number(said.get("qualityProfileId")) or 0),
        [how.tags[each] for each in tags if isinstance(each, int) and each in how.tags],
        ids_of(kind, {**said, "mbId": said.get("foreignArtistId")}),
    )  # fmt: skip


def _names(api: Api, path: str, name: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for one in records(api.get(path), api.downloader.target.host):
        key, text = _number(one.get("id")), storable(one.get(name))
        if key is not None and text:
            found[key] = text[:100]
    return found


def _number(value: Any) -> int | None:
    is_one = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return value if is_one else None
