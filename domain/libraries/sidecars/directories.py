"""What a directory inside an item's folder is for, by its name."""

from enum import StrEnum
from typing import NamedTuple

from domain.libraries.sidecars.model import ExtraKind


class DirectoryRole(StrEnum):
    """The sorts of directories that hold no items of their own."""

    EXTRAS = "extras"
    TRAILERS = "trailers"
    SAMPLES = "samples"
    THEMES = "themes"
    ACTORS = "actors"
    EXTRAFANART = "extrafanart"
    EXTRATHUMBS = "extrathumbs"
    METADATA = "metadata"
    SUBTITLES = "subtitles"
    DISC = "disc"


class DirectoryFacts(NamedTuple):
    """A directory's role; `extra_kind` for extras only."""

    role: DirectoryRole
    extra_kind: ExtraKind | None = None


_EXTRAS = {
    "behind the scenes": ExtraKind.BEHIND_THE_SCENES,
    "behindthescenes": ExtraKind.BEHIND_THE_SCENES,
    "deleted scenes": ExtraKind.DELETED_SCENE,
    "deletedscenes": ExtraKind.DELETED_SCENE,
    "interviews": ExtraKind.INTERVIEW,
    "scenes": ExtraKind.SCENE,
    "shorts": ExtraKind.SHORT,
    "featurettes": ExtraKind.FEATURETTE,
    "clips": ExtraKind.CLIP,
    "extras": ExtraKind.OTHER,
    "extra": ExtraKind.OTHER,
    "other": ExtraKind.OTHER,
    "others": ExtraKind.OTHER,
}
_ROLES = {
    "trailers": DirectoryRole.TRAILERS,
    "trailer": DirectoryRole.TRAILERS,
    "samples": DirectoryRole.SAMPLES,
    "sample": DirectoryRole.SAMPLES,
    "backdrops": DirectoryRole.THEMES,
    "theme-music": DirectoryRole.THEMES,
    ".actors": DirectoryRole.ACTORS,
    "extrafanart": DirectoryRole.EXTRAFANART,
    "extrafanarts": DirectoryRole.EXTRAFANART,
    "extrathumbs": DirectoryRole.EXTRATHUMBS,
    "metadata": DirectoryRole.METADATA,
    "subs": DirectoryRole.SUBTITLES,
    "subtitles": DirectoryRole.SUBTITLES,
    "video_ts": DirectoryRole.DISC,
    "audio_ts": DirectoryRole.DISC,
    "bdmv": DirectoryRole.DISC,
    "certificate": DirectoryRole.DISC,
}


def directory_role(name: str) -> DirectoryFacts | None:
    """The role of a directory by its own name (not a path), whatever its case; None if it is none of these."""
    word = " ".join(name.split()).casefold()
    if kind := _EXTRAS.get(word):
        return DirectoryFacts(DirectoryRole.EXTRAS, kind)
    role = _ROLES.get(word)
    return DirectoryFacts(role) if role else None


def place_role(path: str) -> DirectoryFacts | None:
    """The role of a path below an item's folder: that of its nearest named directory, but a disc is a disc all through."""
    found = [facts for part in path.split("/") if (facts := directory_role(part))]
    return next((facts for facts in found if facts.role is DirectoryRole.DISC), found[-1] if found else None)
