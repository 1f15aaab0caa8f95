"""The operations of docs/artwork.md do what the page says."""

import re
from pathlib import Path
from typing import Any

from tests.artwork.conftest import Gallery, drawing, encoded

PAGE = Path(__file__).parents[2] / "docs" / "artwork.md"
BLOCK = re.compile(r"```graphql\n(.*?)```\n", re.DOTALL)


async def test_the_operations_of_the_page(gallery: Gallery) -> None:
    await gallery.work()
    ran, item = [], f"itm_{gallery.key}"
    candidate = (await gallery.candidates())["poster.jpg"]["id"]
    variables: dict[str, Any] = {"item": {"id": item}, "of": gallery.film, "candidates": [candidate]}
    for document in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        name = re.split(r"\W", document.split()[1])[0]
        if name == "Add":
            variables["upload"] = await gallery.upload(encoded(drawing(40)))
        if name == "Remove":
            await gallery.work()
            variables["candidate"] = (await gallery.candidates())["upload"]["id"]
        text = document.replace("itm_1", item).replace("cnd_1", candidate)
        given = {key: value for key, value in variables.items() if f"${key}:" in text}
        (payload,) = (await gallery.client.data(text, given, who="editor")).values()
        assert isinstance(payload, list) or payload.get("errors", []) == [], (document, payload)
        ran.append(name)
    assert ran == ["Candidates", "Twice", "Choose", "Refresh", "Pin", "Unpin", "Block", "Unblock", "Reset", "Add", "Remove"]
