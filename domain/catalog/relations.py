"""How items stand to each other as it is read from either end, and what is recommended with them: queries in place of tables."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.enums import Relation, RelationOrigin, RelationshipType
from domain.catalog.tables import ExternalId, MediaRelationship, Recommendation
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
_RELATION: Final = choice(Relation)
_NAMED: Final = ("provider", "namespace", "external_id")


def stored(item: int, related: int, relation: Relation) -> tuple[int, int, RelationshipType]:
    """(from, to, type) under which it is stored that `related` is the `relation` of `item`."""
    type_, is_inverse = _STORED[relation]
    if type_ is T.SHARED_UNIVERSE:
        return min(item, related), max(item, related), type_
    return (related, item, type_) if is_inverse else (item, related, type_)


def _text(value: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{value}'", sa.String())


def _end(near: str, far: str, number: int, relation: Any) -> sa.Select[Any]:
    """The relationships of the items at one end. Keys of both ends differ by their last bit."""
    key = _R.c.id * sa.literal_column("2") + sa.literal_column(str(number))
    columns = (
        sa.type_coerce(key, Key).label("key"), _R.c[near].label("item_id"), _R.c[far].label("related_item_id"),
        sa.type_coerce(relation, _RELATION).label("relation"), _R.c.origin.label("origin"),
    )  # fmt: skip
    return sa.select(*columns).where(_R.c.is_removed.is_(False))  # unguarded: `access` has a rule for it


_FORWARD: Final = _R.c.type
_BACKWARD: Final = sa.case(
    {_text(type_.value): _text(inverse.value) for type_, inverse in INVERSE.items()},
    value=sa.cast(_R.c.type, sa.String()),
    else_=_text(Relation.SHARED_UNIVERSE),
)


class ItemRelation:
    """That `related_item_id` is the `relation` of `item_id`: each relationship once for either end."""

    __tablename__ = "item_relations"
    __table__ = sa.union_all(
        _end("from_item_id", "to_item_id", 0, _FORWARD), _end("to_item_id", "from_item_id", 1, _BACKWARD)
    ).subquery("item_relations")
    key: int
    item_id: int
    related_item_id: int
    relation: Relation
    origin: RelationOrigin


def _recommended() -> sa.Subquery:
    """Each item that is here once, at its best rank."""
    better, theirs = _N.alias("better"), _E.alias("theirs")
    both = better.join(theirs, sa.and_(*(theirs.c[name] == better.c[name] for name in _NAMED)))
    ranked = (
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


ItemRelation.__table__.primary_key.add(ItemRelation.__table__.c.key)  # what the planner ties rows by
for _name in ("key", "relation"):  # an expression does not say it of itself
    ItemRelation.__table__.c[_name].nullable = False  # type: ignore[attr-defined]
_mapped = sa.orm.registry()
_mapped.map_imperatively(ItemRelation, ItemRelation.__table__, primary_key=[ItemRelation.__table__.c.key])
_mapped.map_imperatively(
    ItemRecommendation,
    ItemRecommendation.__table__,
    primary_key=[ItemRecommendation.__table__.c.item_id, ItemRecommendation.__table__.c.recommended_id],
)
