"""The operations of docs/enrichment.md and docs/episode-orders.md, as a reader copies them."""

import json
import re
from pathlib import Path

from tests.api.conftest import Client
from tests.enrich.conftest import World, make_series

PAGES = [Path(__file__).parents[2] / "docs" / name for name in ("enrichment.md", "episode-orders.md")]


async def test_the_operations_of_the_pages(client: Client, world: World) -> None:
    film, series, ran = world.film(), make_series(world)[0], []
    world.enrich(series)
    variables = {
        "items": [f"itm_{film}"], "library": f"lib_{world.house.open_library}", "id": f"itm_{film}", "mediaType": "mty_1",
        "provider": "prv_1", "item": f"itm_{film}", "other": f"itm_{world.house.child_film}",
        "country": "DE", "series": f"itm_{series}", "ordering": "DVD",
    }  # fmt: skip
    for document in re.findall(r"```graphql\n(.*?)```", "".join(page.read_text("utf-8") for page in PAGES), re.DOTALL):
        declared = {name: variables[name] for name in re.findall(r"\$(\w+):", document)}
        (answer,) = (await client.data(document, declared)).values()
        assert isinstance(answer, list) or answer.get("errors", []) == [], json.dumps(answer)
        ran.append(document.split()[1].partition("(")[0])
    assert ran == [
        "Enrich", "EnrichLibrary", "Failed", "Preview", "Provenance", "Order", "SetOrder", "SetCertificateRegion", "Related",
        "AddRelationship", "RemoveRelationship", "SetLanguages", "Translations", "Orders", "RefreshOrders", "ChooseOrder",
    ]  # fmt: skip
