"""What a viewer may not see cannot be learned of by detours: error messages, candidates of questions, odd addresses."""

import pytest

from domain.accounts.enums import Scope
from domain.accounts.tables import User
from domain.catalog.telling import NO_ITEM
from domain.kit.ids import global_id
from domain.libraries import access_service
from domain.libraries.tables import ReviewItem
from tests.api.conftest import Client, House
from tests.factories import accounts

pytestmark = pytest.mark.both

_RESTORE = """mutation($id: ID!) { restoreMediaItem(input: {id: $id}) {
    mediaItem { id } errors { __typename ... on UserError { message } } } }"""
_QUEUE = "query($id: ID!) { reviewItems { totalCount nodes { candidates } } node(id: $id) { id } }"
_RESOLVE = "mutation($id: ID!) { resolveReview(input: {id: $id, choice: {candidate: 0}}) { errors { __typename } } }"


def young_editor(house: House) -> User:
    """Somebody who may edit the open library, up to age 12."""
    user = accounts.make_user(house.database, "young", can_edit=True, max_age=12, sees_unrated=False)
    with house.database.transaction() as uow:
        access_service.set_user_libraries(uow, user_id=user.id, library_ids=[house.open_library])
    house.tokens["young"] = accounts.make_token(house.database, user, Scope.READ, Scope.WRITE, Scope.JOBS)
    return user


async def test_restoring_says_the_same_of_hidden_and_of_absent_items(client: Client, house: House) -> None:
    young_editor(house)
    answers = [
        await client.data(_RESTORE, {"id": global_id("media_items", key)}, who="young")
        for key in (house.adult_film, house.closed_film, 99_999)
    ]
    nothing = {"mediaItem": None, "errors": [{"__typename": "NotFoundError", "message": NO_ITEM}]}
    assert answers == [{"restoreMediaItem": nothing}] * 3
    mine = await client.data(_RESTORE, {"id": global_id("media_items", house.child_film)}, who="young")
    assert mine["restoreMediaItem"]["errors"][0]["__typename"] == "ConflictError"


async def test_questions_whose_candidates_name_hidden_items_are_not_for_the_limited(client: Client, house: House) -> None:
    """A child's film that might be an adult one: the question would tell of the other, and its answer would merge them."""
    young_editor(house)
    candidate = {"item": global_id("media_items", house.adult_film), "title": "Alien"}
    with house.database.transaction() as uow:
        row = ReviewItem(item_id=house.child_film, reason="ambiguous_duplicate", confidence=0.5, candidates=[candidate])
        uow.session.add(row)
        uow.session.flush()
        question = global_id("review_queue", row.id)
    for who in ("young", "limited"):
        shown = await client.data(_QUEUE, {"id": question}, who=who)
        assert shown == {"reviewItems": {"totalCount": 0, "nodes": []}, "node": None}
    refused = await client.data(_RESOLVE, {"id": question}, who="young")
    assert refused["resolveReview"]["errors"] == [{"__typename": "NotFoundError"}]
    shown = await client.data(_QUEUE, {"id": question}, who="editor")
    assert shown["reviewItems"] == {"totalCount": 1, "nodes": [{"candidates": [candidate]}]}


@pytest.mark.parametrize("token", ["%00" + "a" * 20, "%F4%8F%BF%BF" * 20, "a" * 20 + "%0A", "..%5C..%5C..%5Cetc%5Cpasswd"])
async def test_odd_image_tokens_are_not_found(client: Client, token: str) -> None:
    assert (await client.http.get(f"/images/{token}")).status_code == 404
