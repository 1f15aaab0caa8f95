"""The example operations: the tabs of a new GraphiQL, each a `.graphql` file with variables of the same name beside it.

Folders are the groups of the pane that lists them; the numbers before the names give the order.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "operations"


@dataclass(frozen=True)
class Example:
    """One document. Its first line is a comment that says what it shows; `variables` are samples, ids among them."""

    name: str
    group: str
    title: str
    document: str
    variables: dict[str, Any]

    def as_json(self) -> dict[str, str]:
        """As the page takes it."""
        variables = json.dumps(self.variables, indent=2, ensure_ascii=False) if self.variables else ""
        return {"name": self.name, "group": self.group, "title": self.title, "query": self.document, "variables": variables}


@cache
def examples() -> Sequence[Example]:
    """All of them, in the order of the tabs."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*/*.graphql")))


def _read(path: Path) -> Example:
    document = path.read_text(encoding="utf-8")
    beside = path.with_suffix(".json")
    return Example(
        name=path.stem.partition("-")[2],
        group=path.parent.name.partition("-")[2].replace("-", " ").capitalize(),
        title=document.partition("\n")[0].removeprefix("#").strip(),
        document=document,
        variables=json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {},
    )
