"""How items stand to each other."""

from api.catalog.types.values import Item
from api.kit.planner import column, entity, one
from domain.catalog.enums import Relation, RelationOrigin
from domain.catalog.relations import ItemRelation


@entity(ItemRelation, description="That another item is the sequel, prequel, remake … of an item.")
class ItemRelationship:
    relation: Relation = column(ItemRelation.relation, description="What the other item is to this one.")
    origin: RelationOrigin = column(ItemRelation.origin, description="Who said so.")
    item: Item | None = one(ItemRelation.related_item_id, description="The other item.")
