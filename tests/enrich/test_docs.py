"""The operations of docs/enrichment.md, as a reader copies them."""

import json
import re
from pathlib import Path

from tests.api.conftest import Client
from tests.enrich.conftest import World

PAGE = Path(__file__).parents[2] / "docs" / "enrichment.md"


async def test_the_operations_of_the_page(client: Client, world: World) -> None:
    film, ran = world.film(), []
    variables = {
        "items": [f"itm_{film}"], "library": f"lib_{world.house.open_library}", "id": f"itm_{film}", "mediaType": "mty_1",
        "provider": "prv_1", "item": f"itm_{film}", "other": f"itm_{world.house.child_film}",
    }  # fmt: skip
    for document in re.findall(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        declared = {name: variables[name] for name in re.findall(r"\$(\w+):", document)}
        (answer,) = (await client.data(document, declared)).values()
        assert isinstance(answer, list) or answer.get("errors", []) == [], json.dumps(answer)
        ran.append(document.split()[1].partition("(")[0])
    assert ran == [
        "Enrich",
        "EnrichLibrary",
        "Failed",
        "Preview",
        "Provenance",
        "Order",
        "SetOrder",
        "Related",
        "AddRelationship",
        "RemoveRelationship",
        "SetLanguages",
        "Translations",
    ]
