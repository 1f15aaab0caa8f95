"""The operations of docs/bulk.md do what the page says."""

import json
import re
from pathlib import Path
from typing import Any

from tests.catalog.bulk.conftest import Desk

PAGE = Path(__file__).parents[3] / "docs" / "bulk.md"
BLOCK = re.compile(r"```graphql\n(.*?)```\n(?:```json\n(.*?)```)?", re.DOTALL)


async def test_the_operations_of_the_page(desk: Desk) -> None:
    ran = []
    for document, variables in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        data: Any = await desk.client.data(document, json.loads(variables or "{}"), who="editor")
        (payload,) = data.values()
        assert isinstance(payload, list) or payload.get("errors", []) == [], (document, payload)
        if isinstance(payload, dict) and "rows" in payload:
            assert {row["outcome"] for row in payload["rows"]} == {"CHANGED"}, (document, payload)
        ran.append(document.split()[1].partition("(")[0])
    assert ran == ["Tidy", "Rename", "Titles", "Old", "Delete", "Restore", "Changes", "Undo", "Tags", "RenameTag"]
