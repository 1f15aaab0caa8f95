"""What publishing works with: what should be there, what is there, and what to do about it. Plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.publish.enums import PublishAction
from domain.publish.places import Place


class Seen(NamedTuple):
    """An entry of a folder: size in bytes, time of modification in nanoseconds since 1970."""

    size: int
    mtime_ns: int
    is_regular: bool


class Digest(NamedTuple):
    """What a file's bytes are."""

    sha256: str
    quick_hash: str
    size: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that an item shows: where its bytes are (a real path), and `uri` if that is beside the media.

    `sha256` of cached bytes, `quick_hash` of local ones as the last scan saw them. `is_locked`: a person wants this one.
    """

    asset_id: int
    item_id: int
    asset_type: str
    rank: int
    source: str
    uri: str | None
    sha256: str | None
    quick_hash: str | None
    is_missing: bool
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that should be there: the bytes of an NFO, or a picture."""

    path: str
    place: Place
    item_id: int
    asset_type: str
    content: bytes | None = None
    picture: Picture | None = None


THEIRS: Final = ""
"""In place of the digest of a file that we published: a person said that what lies there now is theirs."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A file that we published, where it lies now (`path`) and as it was then; `sha256` is `THEIRS` where a person's lies now."""

    id: int
    path: str
    item_id: int
    asset_type: str
    sha256: str
    quick_hash: str
    size: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """An item with everything that its files are made of. `ours` holds its own and whatever of ours lies at a wanted path."""

    item_id: int
    root_id: int
    library_id: int
    publication: str
    wanted: Sequence[Wanted]
    ours: Mapping[str, Ours]
    roots: Sequence[str]
    folders: Sequence[str]
    """Every folder that is looked at."""
    spared: frozenset[str] = frozenset()
    """Paths of files that somebody took back out of the recycle bin: they are not displaced again."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done about one file, and why (a code). `seen` is the file at the path when that was decided."""

    path: str
    action: PublishAction
    reason: str
    root: str
    item_id: int | None
    asset_type: str
    asset_id: int | None = None
    digest: Digest | None = None
    seen: Seen | None = None
    content: bytes | None = None
    source: str | None = None
    ours_id: int | None = None
    recycled_id: int | None = None
    is_made: bool = False
    """Whether its folder is made where it is not there."""

    def stored(self) -> dict[str, Any]:
        """The step as the journal keeps it: what is needed to find out whether it was done."""
        return {
            "path": self.path, "action": self.action.value, "reason": self.reason, "root": self.root, "item": self.item_id,
            "type": self.asset_type, "asset": self.asset_id, "ours": self.ours_id, "recycled": self.recycled_id,
            "sha256": self.digest.sha256 if self.digest else None,
        }  # fmt: skip


def step_of(stored: Mapping[str, Any]) -> Step:
    """The step that the journal keeps; its bytes are on the disk or lost."""
    digest = Digest(stored["sha256"], "", 0) if stored["sha256"] else None
    return Step(
        stored["path"], PublishAction(stored["action"]), stored["reason"], stored["root"], stored["item"], stored["type"],
        stored["asset"], digest, ours_id=stored["ours"], recycled_id=stored["recycled"],
    )  # fmt: skip
