"""Says by names alone what the files beside the media are: artwork, NFO, subtitles, extras, trailers, themes.

`classify(names, folder=…)` is the door; it reads no file. Languages are BCP 47 (`normalise_language`), so that a Brazilian
subtitle can be told from a Portuguese one.
"""

from domain.libraries.sidecars.classify import classify
from domain.libraries.sidecars.directories import DirectoryFacts, DirectoryRole, directory_role
from domain.libraries.sidecars.extensions import EXTENSIONS, FileSort, sort_of, split_name
from domain.libraries.sidecars.ignoring import SYSTEM_IGNORE_PATTERNS, matches_ignore
from domain.libraries.sidecars.languages import normalise_language
from domain.libraries.sidecars.model import (
    SEASON_ALL,
    SEASON_SPECIALS,
    AssetType,
    ExtraKind,
    FolderFacts,
    FolderKind,
    ImageFacts,
    Sidecar,
    SidecarRole,
    SubtitleFacts,
)

__all__ = [
    "EXTENSIONS",
    "SEASON_ALL",
    "SEASON_SPECIALS",
    "SYSTEM_IGNORE_PATTERNS",
    "AssetType",
    "DirectoryFacts",
    "DirectoryRole",
    "ExtraKind",
    "FileSort",
    "FolderFacts",
    "FolderKind",
    "ImageFacts",
    "Sidecar",
    "SidecarRole",
    "SubtitleFacts",
    "classify",
    "directory_role",
    "matches_ignore",
    "normalise_language",
    "sort_of",
    "split_name",
]
