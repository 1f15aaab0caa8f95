"""What a batch works with and what it did."""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from domain.catalog.enums import EntityKind
from domain.libraries.applying.names import NameIndex
from domain.libraries.enums import FileRole
from domain.libraries.nfo import NfoId, NfoItem
from domain.libraries.scanning.known import ScannedLibrary
from domain.libraries.understanding.model import FoundFile, PictureSize
from domain.libraries.understanding.nfos import rank_of


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A local picture of an entity. Of several with one index the lowest `preference` is shown; index 0 comes first.

    `season_number` -1 is a series' picture for all its seasons. `size` is None for one that was measured before.
    """

    entity_id: int
    asset_type: str
    file_id: int
    uri: str
    index: int = 0
    preference: int = 0
    season_number: int | None = None
    size: PictureSize | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should decide about a file or an item (one of them)."""

    reason: str
    confidence: float
    file_id: int | None = None
    item_id: int | None = None
    candidates: tuple[Mapping[str, Any], ...] = ()


@dataclass(slots=True)
class Link:
    """A file's wished place at an item. `group` tells the copies of an item apart: parts of one copy share it."""

    item_id: int
    file_id: int
    role: FileRole
    group: str = ""
    part: int = 1
    title: str | None = None
    beside: int | None = None  # the main file it goes with


@dataclass(slots=True)
class Applied:
    """What a batch did. `pictures` and the file ids are for the artwork feature, in the same transaction."""

    counts: Counter[str] = field(default_factory=Counter)
    pictures: list[PictureUse] = field(default_factory=list)
    picture_files: list[int] = field(default_factory=list)
    gone_pictures: list[int] = field(default_factory=list)
    """Files that are pictures or may have some inside, and went missing or came back."""
    embedded: dict[int, int] = field(default_factory=dict)
    """How many pictures are in the videos that were read, by file; 0 only where it may have been more before."""
    again: list[tuple[int, str]] = field(default_factory=list)
    """Units, by root and path, to be looked at once more in this scan."""
    touched: list[int] = field(default_factory=list)
    """Items whose files came, went or are others."""


@dataclass(slots=True)
class ItemFacts:
    """What a batch knows of one item beyond its files: the NFO that speaks for it, and the name it has from its files."""

    item_id: int
    kind: EntityKind
    name_values: dict[str, Any] = field(default_factory=dict)
    edition: str | None = None
    ids: tuple[NfoId, ...] = ()
    nfo: NfoItem | None = None
    nfo_ids: tuple[NfoId, ...] = ()
    nfo_file: FoundFile | None = None
    contradiction: Mapping[str, Any] | None = None
    """What the NFO says against the name: it is not heard until a person decides so."""
    is_nfo_gone: bool = False
    mute: set[str] = field(default_factory=set)
    """Uris of NFO files that lie beside and say nothing of the item."""

    def hear(
        self, file: FoundFile, said: NfoItem, ids: tuple[NfoId, ...], contradiction: Mapping[str, Any] | None = None
    ) -> None:
        """Note what an NFO that was read now says; of several the first by rank is heard."""
        if self.nfo_file is not None and rank_of(self.nfo_file) <= rank_of(file):
            return
        self.nfo_file, self.nfo, self.nfo_ids, self.contradiction, self.is_nfo_gone = file, said, ids, contradiction, False

    def miss(self, file: FoundFile | None = None) -> None:
        """Note that no NFO speaks of the item, unless one was heard; `file` was read, and speaks of others only."""
        self.is_nfo_gone = self.nfo is None
        if file is not None:
            self.mute.add(file.uri)


@dataclass(slots=True)
class Batch:
    """The working state of one transaction."""

    library: ScannedLibrary
    applied: Applied = field(default_factory=Applied)
    items_of: dict[int, list[int]] = field(default_factory=dict)  # main file -> its items, in order
    other_items_of: dict[int, list[int]] = field(default_factory=dict)  # the same of videos outside the batch
    links: list[Link] = field(default_factory=list)
    decided: set[int] = field(default_factory=set)  # files whose links are what `links` says and nothing else
    touched: set[int] = field(default_factory=set)  # leaf items whose files changed
    touched_parents: set[int] = field(default_factory=set)  # what lost a child
    added: dict[int, None] = field(default_factory=dict)
    changed: dict[int, set[str]] = field(default_factory=dict)
    facts: dict[int, ItemFacts] = field(default_factory=dict)  # by item
    doubts: list[Doubt] = field(default_factory=list)
    settled: set[tuple[str, int]] = field(default_factory=set)  # (reason, file or item) that is certain now

    def id_of(self, file: FoundFile) -> int:
        """The row of a file that has been written."""
        assert file.id is not None
        return file.id

    def facts_of(self, item_id: int, kind: EntityKind) -> ItemFacts:
        """The facts gathered for an item, begun at the first call."""
        return self.facts.setdefault(item_id, ItemFacts(item_id, kind))

    def change(self, item_id: int, *fields: str) -> None:
        """Remember that these fields of an item have another value now."""
        self.changed.setdefault(item_id, set()).update(fields)


@dataclass(slots=True)
class Scope:
    """What lasts for a whole scan: the library, its names (read when first needed), and the folders that vanished."""

    library: ScannedLibrary
    vanished_paths: Set[str] = frozenset()
    names: NameIndex | None = None
