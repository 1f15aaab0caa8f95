"""Which libraries a person was given can be read by whoever gives them, and by that person."""

import pytest

from domain.kit.ids import global_id
from tests.api.conftest import Client, House

pytestmark = pytest.mark.both

GIVEN = "query User($id: ID!) { node(id: $id) { ... on User { hasAllLibraries libraries { totalCount nodes { id } } } } }"
GIVE = """mutation Give($id: ID!, $libraries: [ID!]!) { updateUser(input: {id: $id, libraries: $libraries}) {
    user { libraries { nodes { id } } } errors { __typename } } }"""


async def test_administrators_read_what_they_gave(client: Client, house: House) -> None:
    who, library = global_id("users", house.users["limited"].id), global_id("libraries", house.open_library)
    found = await client.data(GIVEN, {"id": who}, who="admin")
    assert found["node"] == {"hasAllLibraries": False, "libraries": {"totalCount": 1, "nodes": [{"id": library}]}}
    taken = await client.data(GIVE, {"id": who, "libraries": []}, who="admin")
    assert taken["updateUser"] == {"user": {"libraries": {"nodes": []}}, "errors": []}
    given = await client.data(GIVE, {"id": who, "libraries": [library]}, who="admin")
    assert given["updateUser"]["user"]["libraries"]["nodes"] == [{"id": library}]


async def test_a_person_reads_their_own_and_nobody_elses(client: Client, house: House) -> None:
    own, other = (global_id("users", house.users[name].id) for name in ("limited", "admin"))
    assert (await client.data(GIVEN, {"id": own}, who="limited"))["node"]["libraries"]["totalCount"] == 1
    assert (await client.data(GIVEN, {"id": other}, who="limited"))["node"] is None
