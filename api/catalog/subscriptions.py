"""`mediaItemChanged`: items that came, changed, vanished or came back."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.catalog.types.items import MediaItem
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import subscription
from api.kit.filtering import refuse
from api.kit.planner import ref
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.kit import clock
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of

ItemId = Annotated[strawberry.ID | None, strawberry.argument(description="Only this item; first comes how it stands.")]
LibraryId = Annotated[strawberry.ID | None, strawberry.argument(description="Only items of this library.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind.")]


@strawberry.type(description="An item came, changed, vanished or came back: `type` says which.")
class MediaItemChanged(Event):
    node: MediaItem | None = strawberry.field(description="The item as it stands now; null when it is gone.")
    fact: strawberry.Private[Fact | None] = None


ItemMessage = Annotated[
    MediaItemChanged | Subscribed | Resync,
    strawberry.union("MediaItemChangedMessage", description="What `mediaItemChanged` sends."),
]


@strawberry.type
class CatalogSubscriptions:
    """Streams of the catalog."""

    @subscription(Permission.READ, "Items that came, changed, vanished or came back.")
    async def media_item_changed(
        self, info: Info, id: ItemId = None, library: LibraryId = None, after: After = None
    ) -> AsyncGenerator[ItemMessage, None]:
        try:
            subject = None if id is None else global_id("media_items", key_of("media_items", id))
            audience = None if library is None else f"library:{key_of('libraries', library)}"
        except Invalid as error:
            raise refuse(error.message) from None

        def wants(fact: Fact) -> bool:
            if not fact.type.startswith("item.") or (subject is not None and fact.subject != subject):
                return False
            return audience is None or fact.audience == audience

        async for message in facts(info.context, after=after, wants=wants):
            if isinstance(message, Subscribed):
                yield message
                if subject is not None:
                    yield MediaItemChanged(
                        cursor=message.cursor, occurred_at=clock.now(), type="present", actor=None,
                        subject=strawberry.ID(subject), changed_fields=None, node=ref(MediaItem, key_of("media_items", subject)),
                    )  # fmt: skip
            elif isinstance(message, Resync):
                yield message
            else:
                yield _change(message)


def _change(fact: Fact) -> MediaItemChanged:
    made: MediaItemChanged | None = fact.shared.get(MediaItemChanged)
    if made is None:
        node = ref(MediaItem, key_of("media_items", fact.subject))
        made = fact.shared[MediaItemChanged] = MediaItemChanged(**common(fact), node=node, fact=fact)
    return made
