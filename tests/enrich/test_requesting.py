"""What a person is told at once when nobody can be asked."""

from typing import Any

import pytest

from tests.api.conftest import Client, House
from tests.enrich.test_acceptance import ENRICH
from tests.enrich.test_preview import PREVIEW
from tests.factories.catalog import movie

LIBRARY = """mutation E($library: ID!) { enrichItems(input: {what: {library: $library}}) {
  job { id } errors { ... on UserError { code message } } } }"""
NOBODY = "No provider can be asked: an administrator gives keys with `updateProvider`."


@pytest.fixture
def film(house: House) -> int:
    with house.database.transaction() as uow:
        return movie(uow, "Alien")


async def test_without_a_key_no_job_is_made(client: Client, film: int) -> None:
    found: dict[str, Any] = (await client.data(ENRICH, {"items": [f"itm_{film}"]}))["enrichItems"]
    assert (found["job"], [each["code"] for each in found["errors"]]) == (None, ["CONFLICT"])
    refused = (await client.data(LIBRARY, {"library": "lib_1"}))["enrichItems"]
    assert refused == {"job": None, "errors": [{"code": "CONFLICT", "message": NOBODY}]}
    assert (await client.data("{ jobs { totalCount } }"))["jobs"] == {"totalCount": 0}


async def test_without_a_key_a_preview_says_why_it_has_nothing(client: Client, film: int) -> None:
    answer = (await client.send(PREVIEW, {"id": f"itm_{film}"}, who="editor")).json()
    assert answer["data"] == {"enrichmentPreview": None}
    assert [each["message"] for each in answer["errors"]] == [NOBODY]
