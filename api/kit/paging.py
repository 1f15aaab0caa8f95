"""The four arguments of a connection at the root, described once."""

from typing import Annotated

import strawberry
from strawberry.types.arguments import StrawberryArgumentAnnotation


def _first(most: int) -> StrawberryArgumentAnnotation:
    return strawberry.argument(
        description=f"Number of entries from the start (or after `after`), at most {most}; 25 if not given."
    )


def _last(most: int) -> StrawberryArgumentAnnotation:
    return strawberry.argument(
        description=f"Number of entries from the end (or before `before`), at most {most}; instead of `first`."
    )


First = Annotated[int | None, _first(100)]
First500 = Annotated[int | None, _first(500)]
After = Annotated[str | None, strawberry.argument(description="Cursor of the entry before the page.")]
Last = Annotated[int | None, _last(100)]
Last500 = Annotated[int | None, _last(500)]
Before = Annotated[str | None, strawberry.argument(description="Cursor of the entry behind the page; with `last`.")]
