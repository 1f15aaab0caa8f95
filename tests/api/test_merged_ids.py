"""The id of an item that was merged into another one keeps working."""

import pytest
import sqlalchemy as sa

from domain.catalog import deleting
from domain.catalog.tables import Entity
from domain.kit.ids import global_id
from tests.api.conftest import Client, House

pytestmark = pytest.mark.both

BOTH = """query ($id: ID!) {
  node(id: $id) { id ... on Movie { title } }
  mediaItem(ref: {id: $id}) { id title }
}"""


@pytest.mark.parametrize("planned", [True, False])
async def test_a_merged_id_means_the_item_it_was_merged_into(house: House, client: Client, planned: bool) -> None:
    house.services.planner.enabled = planned
    with house.database.transaction() as uow:
        uow.session.execute(sa.update(Entity).where(Entity.id == house.child_film).values(merged_into_id=house.adult_film))
        deleting.delete_item(uow, item_id=house.child_film)
    merged, kept = (global_id("media_items", key) for key in (house.child_film, house.adult_film))
    answer = await client.data(BOTH, {"id": merged})
    assert answer == {"node": {"id": kept, "title": "Alien"}, "mediaItem": {"id": kept, "title": "Alien"}}
    # policy decides about what the id means now
    assert await client.data(BOTH, {"id": merged}, who="limited") == {"node": None, "mediaItem": None}


async def test_an_id_of_nothing_is_null_and_a_wrong_one_an_error(client: Client) -> None:
    assert await client.data(BOTH, {"id": "itm_999999"}, who="admin") == {"node": None, "mediaItem": None}
