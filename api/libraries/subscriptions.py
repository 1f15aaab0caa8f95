"""`libraryScanned`: a scan ended, with what it found."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import subscription
from api.kit.filtering import refuse
from api.kit.planner import ref
from api.kit.scalars import JSON
from api.libraries.types import Library
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of

LibraryId = Annotated[strawberry.ID | None, strawberry.argument(description="Only this library.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind.")]


@strawberry.type(description="A scan of a library ended.")
class LibraryScanned(Event):
    summary: JSON = strawberry.field(description="What changed: numbers of files and items added, changed, missing, restored …")
    node: Library | None = strawberry.field(description="The library.")
    fact: strawberry.Private[Fact | None] = None


ScanMessage = Annotated[
    LibraryScanned | Subscribed | Resync, strawberry.union("LibraryScannedMessage", description="What `libraryScanned` sends.")
]


@strawberry.type
class LibrarySubscriptions:
    """Streams of libraries."""

    @subscription(Permission.READ, "Scans that ended, with a summary of what changed.")
    async def library_scanned(self, info: Info, id: LibraryId = None, after: After = None) -> AsyncGenerator[ScanMessage, None]:
        try:
            subject = None if id is None else global_id("libraries", key_of("libraries", id))
        except Invalid as error:
            raise refuse(error.message) from None

        def wants(fact: Fact) -> bool:
            return fact.type == "library.scanned" and subject in (None, fact.subject)

        async for message in facts(info.context, after=after, wants=wants):
            yield _scan(message) if isinstance(message, Fact) else message


def _scan(fact: Fact) -> LibraryScanned:
    made: LibraryScanned | None = fact.shared.get(LibraryScanned)
    if made is None:
        node = ref(Library, key_of("libraries", fact.subject))
        made = LibraryScanned(**common(fact), summary=JSON(fact.payload), node=node, fact=fact)
        fact.shared[LibraryScanned] = made
    return made
