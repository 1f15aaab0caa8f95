"""How items stand to each other as it is read from either end, and what is recommended with them: queries in place of tables."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.enums import Relation, RelationOrigin, RelationshipType
from domain.catalog.tables import ExternalId, MediaItem, MediaRelationship, Recommendation
from domain.kit.types import Key, choice

T: Final = RelationshipType
INVERSE: Final[Mapping[RelationshipType, Relation]] = {
    T.SEQUEL: Relation.PREQUEL,
    T.ADAPTATION: Relation.ADAPTED_FROM,
    T.SPIN_OFF: Relation.SPUN_OFF_FROM,
    T.REMAKE: Relation.REMAKE_OF,
    T.SHARED_UNIVERSE: Relation.SHARED_UNIVERSE,
}
"""What `from` is to `to`."""
_STORED: Final[Mapping[Relation, tuple[RelationshipType, bool]]] = {
    **{inverse: (type_, True) for type_, inverse in INVERSE.items()},
    **{Relation(type_.value): (type_, False) for type_ in T},
}

_R: Final[Any] = MediaRelationship.__table__  # type: ignore[attr-defined]
_N: Final[Any] = Recommendation.__table__  # type: ignore[attr-defined]
_E: Final[Any] = ExternalId.__table__  # type: ignore[attr-defined]
_NAMED: Final = ("provider", "namespace", "external_id")


def stored(item: int, related: int, relation: Relation) -> tuple[int, int, RelationshipType]:
    """(from, to, type) under which it is stored that `related` is the `relation` of `item`."""
    type_, is_inverse = _STORED[relation]
    if type_ is T.SHARED_UNIVERSE:
        return min(item, related), max(item, related), type_
    return (related, item, type_) if is_inverse else (item, related, type_)


def _text(value: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{value}'", sa.String())


_NEAR: Final[Any] = MediaItem.__table__.alias("near")  # type: ignore[attr-defined]
_FAR: Final[Any] = MediaItem.__table__.alias("far")  # type: ignore[attr-defined]
_IS_FIRST: Final = _R.c.from_item_id == _NEAR.c.id


def _either_end() -> sa.Subquery:
    """A join, and no union: SQLite looks up either end in its index also below a correlated item."""
    inverse = sa.case(
        {_text(type_.value): _text(inverse.value) for type_, inverse in INVERSE.items()},
        value=sa.cast(_R.c.type, sa.String()),
    )
    other = sa.case((_IS_FIRST, _R.c.to_item_id), else_=_R.c.from_item_id)
    key = _R.c.id * sa.literal_column("2") + sa.case((_IS_FIRST, sa.literal_column("0")), else_=sa.literal_column("1"))
    relation = sa.case((_IS_FIRST, sa.cast(_R.c.type, sa.String())), else_=inverse)
    columns = (
        sa.type_coerce(key, Key).label("key"), _NEAR.c.id.label("item_id"), _FAR.c.id.label("related_item_id"),
        sa.type_coerce(relation, choice(Relation)).label("relation"), _R.c.origin.label("origin"),
    )  # fmt: skip
    both = _NEAR.join(_R, sa.or_(_IS_FIRST, _R.c.to_item_id == _NEAR.c.id)).join(_FAR, _FAR.c.id == other)
    query = sa.select(*columns).select_from(both)  # unguarded: `access` has a rule for it
    return query.where(_R.c.is_removed.is_(False)).subquery("item_relations")


class ItemRelation:
    """That `related_item_id` is the `relation` of `item_id`: each relationship once for either end."""

    __tablename__ = "item_relations"
    __table__ = _either_end()
    key: int
    item_id: int
    related_item_id: int
    relation: Relation
    origin: RelationOrigin


def _recommended() -> sa.Subquery:
    """Each item that is here once, at its best rank."""
    better, theirs = _N.alias("better"), _E.alias("theirs")
    both = better.join(theirs, sa.and_(*(theirs.c[name] == better.c[name] for name in _NAMED)))
    ranked: sa.Select[Any] = (
        sa.select(sa.literal_column("1"))
        .select_from(both)
        .where(better.c.item_id == _N.c.item_id, better.c.rank < _N.c.rank, theirs.c.entity_id == _E.c.entity_id)
        .correlate(_N, _E)
    )
    joined = _N.join(_E, sa.and_(*(_E.c[name] == _N.c[name] for name in _NAMED)))
    columns = (_N.c.item_id.label("item_id"), _E.c.entity_id.label("recommended_id"), _N.c.rank.label("rank"))
    query = sa.select(*columns).select_from(joined)  # unguarded: reached from the item, and leads to items
    return query.where(_E.c.entity_id != _N.c.item_id, ~sa.exists(ranked)).subquery("item_recommendations")


class ItemRecommendation:
    """That `recommended_id` is recommended to those who liked `item_id`; 0 is the first `rank`."""

    __tablename__ = "item_recommendations"
    __table__ = _recommended()
    item_id: int
    recommended_id: int
    rank: int


_KEYS: Final[Any] = ItemRelation.__table__.primary_key
_KEYS.clear()
_KEYS.add(ItemRelation.__table__.c.key)  # what the planner ties rows by
for _name in ("key", "relation"):  # an expression does not say it of itself
    ItemRelation.__table__.c[_name].nullable = False  # type: ignore[attr-defined]
_mapped = sa.orm.registry()
_mapped.map_imperatively(ItemRelation, ItemRelation.__table__, primary_key=[ItemRelation.__table__.c.key])
_mapped.map_imperatively(
    ItemRecommendation,
    ItemRecommendation.__table__,
    primary_key=[ItemRecommendation.__table__.c.item_id, ItemRecommendation.__table__.c.recommended_id],
)
