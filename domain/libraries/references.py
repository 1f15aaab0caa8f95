"""Finds the item that somebody means: by id, by what a catalogue calls it, or by a path; only among what they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.changing import ITEMS
from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.queries import living
from domain.catalog.tables import ExternalId
from domain.catalog.telling import NO_ITEM
from domain.kit.errors import AmbiguousReference, Invalid, NotFound
from domain.kit.ids import global_id, key_of, parse_id
from domain.kit.policy import Viewer, visible
from domain.kit.types import Key
from domain.libraries.enums import FileRole
from domain.libraries.mapping import Rule, to_local
from domain.libraries.mappings import Owner, OwnerKind, rules_of
from domain.libraries.paths import is_refused, normal, stored
from domain.libraries.scanning.known import FILES
from domain.libraries.spellings import unicode_forms
from domain.libraries.tables import ItemFile, ReviewItem

PATH: Final = ("item",)
MOST_CANDIDATES: Final = 20
ITEM_KINDS: Final = tuple(EntityKind(kind) for kind in ItemKind)


@dataclass(frozen=True, slots=True)
class ById:
    """A global id."""

    id: str


@dataclass(frozen=True, slots=True)
class ByExternal:
    """What a catalogue calls it; without `namespace` in any of the catalogue's spaces."""

    provider: str
    value: str
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class ByPath:
    """A path of its file or folder, as this server sees it."""

    path: str


@dataclass(frozen=True, slots=True)
class ByMappedPath:
    """A path of its file or folder as another program calls it; `mapped_by` is the global id of a player, a group of players
    or a source, whose path mappings make it ours."""

    path: str
    mapped_by: str


Reference = ById | ByExternal | ByPath | ByMappedPath
_OWNERS: Final = {"player_groups": OwnerKind.GROUP, "sources": OwnerKind.SOURCE, "source_collections": OwnerKind.COLLECTION}
_PLAYERS: Final = sa.table("players", sa.column("id", Key), sa.column("group_id", Key))


def find_item(session: Session, viewer: Viewer, reference: Reference, *, library_id: int | None = None) -> int:
    """The key of the one visible item that is meant. Raises NotFound, Invalid, AmbiguousReference with the candidates."""
    found = visible_items(session, viewer, _meant(session, reference), library_id=library_id)
    if not found:
        raise NotFound(NO_ITEM, path=PATH)
    if len(found) > 1:
        candidates = [global_id("media_items", key) for key in found]
        raise AmbiguousReference("That means several items: name one by its id.", candidates=candidates, path=PATH)
    return found[0]


def visible_items(session: Session, viewer: Viewer, keys: sa.Select[Any], *, library_id: int | None = None) -> list[int]:
    """Those of the items that a query names that the viewer may see, oldest first, at most 20."""
    item = ITEMS.alias()
    statement = sa.select(item.c.id).where(item.c.id.in_(keys)).order_by(item.c.id).limit(MOST_CANDIDATES)
    if library_id is not None:
        statement = statement.where(item.c.library_id == library_id)
    return _keys(session, viewer, statement, visible(item, viewer.shape))


def is_review_visible(session: Session, viewer: Viewer, review_id: int) -> bool:
    """Whether the viewer may see a question of the review queue (and so answer it)."""
    row = ReviewItem.__table__.alias()  # type: ignore[attr-defined]
    statement = sa.select(row.c.id).where(row.c.id == review_id)
    return bool(_keys(session, viewer, statement, visible(row, viewer.shape)))


def _keys(session: Session, viewer: Viewer, statement: sa.Select[Any], condition: sa.ColumnElement[bool] | None) -> list[int]:
    guarded = statement if condition is None else statement.where(condition)
    return list(session.connection().execute(guarded, viewer.binds).scalars())


def _meant(session: Session, reference: Reference) -> sa.Select[Any]:
    if isinstance(reference, ById):
        return sa.select(sa.literal(living(session, key_of("media_items", reference.id, path=(*PATH, "id")))))
    if isinstance(reference, ByExternal):
        return _by_external(reference)
    path = reference.path
    if isinstance(reference, ByMappedPath):
        path = to_local(path, _rules(session, reference.mapped_by))
    if is_refused(path):
        raise NotFound(NO_ITEM, path=PATH)
    if isinstance(reference, ByMappedPath):  # a server on macOS writes accents in its own way
        return _by_path(unicode_forms(path))
    return _by_path([stored(normal(path))])


def _rules(session: Session, mapped_by: str) -> list[Rule]:
    table, key = parse_id(mapped_by)
    if table == "players":
        table, key = "player_groups", session.execute(sa.select(_PLAYERS.c.group_id).where(_PLAYERS.c.id == key)).scalar() or 0
    if table not in _OWNERS:
        raise Invalid("Paths are mapped by a player, a group of players or a source.", path=(*PATH, "mappedPath", "mappedBy"))
    return rules_of(session, Owner(_OWNERS[table], key))


def _by_external(reference: ByExternal) -> sa.Select[Any]:
    ids: Any = ExternalId.__table__  # type: ignore[attr-defined]
    if not (reference.provider + reference.value + (reference.namespace or "")).isprintable():
        raise NotFound(NO_ITEM, path=PATH)
    query = sa.select(ids.c.entity_id).where(
        ids.c.provider == reference.provider.strip().lower(),
        ids.c.external_id == reference.value.strip(),
        ids.c.entity_kind.in_(ITEM_KINDS),
    )
    return query if reference.namespace is None else query.where(ids.c.namespace == reference.namespace.strip().lower())


def _by_path(paths: Sequence[str]) -> sa.Select[Any]:
    links: Any = ItemFile.__table__  # type: ignore[attr-defined]
    of_file = sa.select(links.c.item_id).join(FILES, FILES.c.id == links.c.file_id)
    of_folder = sa.select(ITEMS.c.id).where(ITEMS.c.directory_path.in_(paths))
    return of_file.where(FILES.c.uri.in_(paths), links.c.role == FileRole.MAIN).union(of_folder).subquery().select()
