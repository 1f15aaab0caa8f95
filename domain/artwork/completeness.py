"""How complete what is known of an item is, and what is missing: rules as data, counted by the database when it is asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.artwork.tables import Asset
from domain.catalog.enums import Department, ItemKind
from domain.catalog.tables import Credit, ExternalId, ItemCertification, ItemGenre, ItemRating, MediaItem
from domain.kit.policy import Viewer, visible


class MissingFact(StrEnum):
    """Something that an item should have and has not."""

    PLOT = "plot"
    RELEASE_DATE = "release_date"
    RUNTIME = "runtime"
    GENRES = "genres"
    RATING = "rating"
    CERTIFICATION = "certification"
    EXTERNAL_ID = "external_id"
    DIRECTOR = "director"
    CAST = "cast"
    POSTER = "poster"
    FANART = "fanart"
    CLEARLOGO = "clearlogo"
    THUMB = "thumb"


F: Final = MissingFact
_WHOLE: Final = {
    F.PLOT: 8, F.POSTER: 8, F.RELEASE_DATE: 6, F.FANART: 4, F.GENRES: 4, F.RATING: 4, F.EXTERNAL_ID: 4, F.CAST: 4,
    F.CERTIFICATION: 2, F.CLEARLOGO: 2,
}  # fmt: skip
WEIGHTS: Final[Mapping[ItemKind, Mapping[MissingFact, int]]] = {
    ItemKind.MOVIE: {**_WHOLE, F.RUNTIME: 4, F.DIRECTOR: 4},
    ItemKind.SERIES: _WHOLE,
    ItemKind.SEASON: {F.POSTER: 1},
    ItemKind.EPISODE: {F.PLOT: 8, F.RELEASE_DATE: 6, F.THUMB: 4, F.RUNTIME: 4},
    ItemKind.ARTIST: {F.PLOT: 8, F.THUMB: 8, F.GENRES: 4, F.EXTERNAL_ID: 4},
    ItemKind.ALBUM: {F.POSTER: 8, F.RELEASE_DATE: 6, F.GENRES: 4, F.EXTERNAL_ID: 4},
}
"""What each kind should have, and how much it counts (after Metarr's weights, 3.12). Other kinds have no completeness."""

_I: Final[Any] = MediaItem.__table__  # type: ignore[attr-defined]


def _rows(model: Any, column: str, *conditions: Any) -> Any:
    table = model.__table__
    return ~sa.exists(sa.select(sa.literal_column("1")).where(table.c[column] == _I.c.id, *conditions))


def _credit(department: Department) -> Any:
    table: Any = Credit.__table__  # type: ignore[attr-defined]
    return _rows(Credit, "item_id", table.c.department == sa.literal_column(f"'{department}'"), table.c.is_removed.is_(False))


def _picture(asset_type: str) -> Any:
    table: Any = Asset.__table__  # type: ignore[attr-defined]
    return _rows(Asset, "entity_id", table.c.asset_type == sa.literal_column(f"'{asset_type}'"), table.c.rank.is_not(None))


_LACKS: Final[Mapping[MissingFact, Any]] = {
    F.PLOT: sa.func.coalesce(_I.c.plot, sa.literal_column("''")) == sa.literal_column("''"),
    F.RELEASE_DATE: _I.c.release_date.is_(None),
    F.RUNTIME: _I.c.runtime_ms.is_(None),
    F.GENRES: _rows(ItemGenre, "item_id"),
    F.RATING: _rows(ItemRating, "item_id"),
    F.CERTIFICATION: _rows(ItemCertification, "item_id"),
    F.EXTERNAL_ID: _rows(ExternalId, "entity_id"),
    F.DIRECTOR: _credit(Department.DIRECTING),
    F.CAST: _credit(Department.CAST),
    **{fact: _picture(fact.value) for fact in (F.POSTER, F.FANART, F.CLEARLOGO, F.THUMB)},
}
_FACTS: Final = tuple(MissingFact)
_MASK: Final = sum(
    (
        sa.case((_LACKS[fact], sa.literal_column(str(1 << place))), else_=sa.literal_column("0"))
        for place, fact in enumerate(_FACTS)
    ),
    start=sa.literal_column("0", sa.Integer()),
)


class ItemCompleteness:
    """What an item lacks, as one number: a query in place of a table. `mask` has a bit for each `MissingFact`, in their order."""

    __tablename__ = "item_completeness"
    __table__ = (
        sa.select(_I.c.id.label("item_id"), _I.c.kind.label("kind"), _MASK.label("mask"))  # unguarded: reached from the item
        .where(_I.c.kind.in_([sa.literal_column(f"'{kind}'") for kind in WEIGHTS]))
        .subquery("item_completeness")
    )
    item_id: int
    kind: ItemKind
    mask: int


sa.orm.registry().map_imperatively(
    ItemCompleteness, ItemCompleteness.__table__, primary_key=[ItemCompleteness.__table__.c.item_id]
)


def missing(kind: ItemKind, mask: int) -> list[MissingFact]:
    """What an item of a kind lacks, the weightiest first."""
    weights = WEIGHTS.get(kind, {})
    lacking = [fact for place, fact in enumerate(_FACTS) if mask & (1 << place) and fact in weights]
    return sorted(lacking, key=lambda fact: -weights[fact])


def completeness(kind: ItemKind, mask: int) -> float:
    """How much of the weight is there, 0 to 1, in thousandths."""
    weights = WEIGHTS.get(kind, {})
    total = sum(weights.values())
    lost = sum(weights[fact] for fact in missing(kind, mask))
    return round(1 - lost / total, 3) if total else 1.0


@dataclass(slots=True)
class KindCompleteness:
    """The items of one kind in a library: how many, how many lack nothing, the mean, and how many lack each fact."""

    kind: ItemKind
    items: int = 0
    complete: int = 0
    fraction: float = 0.0
    missing: Counter[MissingFact] = field(default_factory=Counter)


def of_library(session: Session, viewer: Viewer, library_id: int) -> list[KindCompleteness]:
    """How complete the items of a library are that the viewer may see, by kind."""
    items, lacks = _I.alias(), ItemCompleteness.__table__.alias()
    query = (
        sa.select(items.c.kind, lacks.c.mask, sa.func.count())
        .select_from(items.join(lacks, lacks.c.item_id == items.c.id))
        .where(items.c.library_id == library_id)
        .group_by(items.c.kind, lacks.c.mask)
    )
    condition = visible(items, viewer.shape)
    rows = session.connection().execute(query if condition is None else query.where(condition), viewer.binds)
    found: dict[ItemKind, KindCompleteness] = {}
    for kind, mask, count in rows:
        one = found.setdefault(kind, KindCompleteness(ItemKind(kind)))
        lacking = missing(one.kind, mask)
        one.items += count
        one.complete += 0 if lacking else count
        one.fraction += completeness(one.kind, mask) * count
        one.missing.update(dict.fromkeys(lacking, count))
    for one in found.values():
        one.fraction = round(one.fraction / one.items, 3)
    return [found[kind] for kind in WEIGHTS if kind in found]
