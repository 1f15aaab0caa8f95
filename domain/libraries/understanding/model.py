"""The facts of one unit of folders, gathered without the database's lock and handed to `applying`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from domain.libraries.enums import FileKind
from domain.libraries.names import Hint, ParsedName
from domain.libraries.nfo import NfoDocument
from domain.libraries.scanning.comparing import KnownFile
from domain.libraries.scanning.known import Root
from domain.libraries.scanning.listing import Problem
from domain.libraries.sidecars import FolderKind, Sidecar, SidecarRole

PLAYED_ROLES: Final = frozenset({SidecarRole.MAIN, SidecarRole.EXTRA, SidecarRole.TRAILER, SidecarRole.SAMPLE, SidecarRole.THEME})


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What is inside a media file; the mappings hold columns of the stream tables. `chapters` are (start, end, title), ms."""

    container: str | None
    duration_ms: int | None
    bitrate: int | None
    video: tuple[Mapping[str, Any], ...] = ()
    audio: tuple[Mapping[str, Any], ...] = ()
    subtitles: tuple[Mapping[str, Any], ...] = ()
    chapters: tuple[tuple[int, int, str | None], ...] = ()
    embedded_pictures: int = 0


@dataclass(frozen=True, slots=True)
class PictureSize:
    """A picture's format and its size in pixels."""

    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the inside of a file is not known: a code for programs, one line for people. `vanished`: it is gone again."""

    code: str
    message: str


Understand = Callable[[str, Hint], ParsedName]
Probe = Callable[[Iterable[str]], Iterator[tuple[str, MediaFacts | Failure]]]
Measure = Callable[[str], PictureSize | Failure]
Language = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class Readers:
    """What only workers can do: guess a name, look into media files (by their real paths), measure pictures.

    `language` turns a tag such as "pt-BR" into the code that streams have ("por"; "und" if it says nothing).
    """

    understand: Understand
    probe: Probe
    measure: Measure
    language: Language


@dataclass(slots=True)
class FoundFile:
    """One file of a unit. `is_new_content`: new to us, or other bytes than before; then what is inside was read anew."""

    uri: str
    name: str
    directory: str
    kind: FileKind
    size: int
    modified_at: datetime
    sidecar: Sidecar
    known: KnownFile | None
    id: int | None = None  # of its row; set when the row is made
    published: str | None = None  # quick hash of what we wrote there
    is_linked: bool = False
    parsed: ParsedName | None = None
    quick_hash: str | None = None
    is_new_content: bool = False
    is_read: bool = False
    media: MediaFacts | None = None
    picture: PictureSize | None = None
    language: str | None = None  # of an external subtitle
    nfo: NfoDocument | None = None
    failure: Failure | None = None

    @property
    def role(self) -> SidecarRole:
        return self.sidecar.role

    @property
    def is_ours(self) -> bool:
        """Whether the file is as we published it: what it holds is our own word, and nobody's choice."""
        known = self.known.quick_hash if self.known is not None else None
        return self.published is not None and self.published == (self.quick_hash or known)

    @property
    def is_known_here(self) -> bool:
        """Whether the file was given its item where it lies, now or before it was missing."""
        return self.known is not None and self.known.is_settled and self.is_linked

    @property
    def needs_name(self) -> bool:
        """Whether its name has to be asked what item it belongs to. One that returns is asked: its item may have been
        renamed meanwhile, and then it is not that film's copy any more."""
        return not self.is_known_here or (self.known is not None and self.known.is_missing)


@dataclass(slots=True)
class UnitDirectory:
    """A directory of a unit with its fingerprint now; `id` is None while it has no row."""

    path: str
    id: int | None
    fingerprint: str
    files: int
    modified_at: datetime | None


MainIndex = Mapping[tuple[str, str], Sequence[FoundFile]]
"""The videos of a unit by (directory, base name)."""


@dataclass
class Unit:
    """An item's folder (or a folder of several items) with everything that belongs to it."""

    root: Root
    path: str
    hint: Hint
    kind: FolderKind
    directories: list[UnitDirectory] = field(default_factory=list)
    files: list[FoundFile] = field(default_factory=list)
    gone: list[KnownFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    heard: dict[int, set[str | None]] = field(default_factory=dict)
    """By known main file: the NFOs that its items were told by."""
    main_index: MainIndex | None = field(default=None, repr=False)

    @cached_property
    def mains(self) -> list[FoundFile]:
        """The videos (or songs) themselves; asked for only when all files are there."""
        return [file for file in self.files if file.role is SidecarRole.MAIN]

    @cached_property
    def has_lost_nfo(self) -> bool:
        """Whether an NFO went away, or has a name that means nothing any more."""
        if any(file.kind is FileKind.NFO for file in self.gone):
            return True
        nfos = [file for file in self.files if file.kind is FileKind.NFO and file.role is not SidecarRole.NFO]
        return any(file.known is not None and file.known.is_read for file in nfos)


@dataclass(slots=True)
class Piece:
    """A part of a unit that is written in one transaction; the last one closes the unit's directories."""

    unit: Unit
    files: list[FoundFile]
    is_last: bool
