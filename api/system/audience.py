"""Which events a subscriber may hear."""

from typing import Final

from api.kit.context import Context
from api.system.tailer import Fact
from domain.kit.errors import Invalid
from domain.kit.ids import parse_id
from domain.libraries.visibility import visible_item_ids, visible_library_ids
from domain.system.events import ADMINS, EVERYONE

_CHANGES_RIGHTS: Final = ("library.", "user.", "access.")
_OF_ITEMS: Final = ("player_states", "playback_captures")
"""Their events name the item in the payload: by now another one may play."""
_GONE: Final = ("item.deleted", "item.purged")


class Audience:
    """The events of one subscriber: those addressed to it, about things it may see."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._libraries: frozenset[int] | None = None

    def note(self, fact: Fact) -> None:
        """To be called with every event, also with those nobody asked for: some change what may be seen."""
        if fact.type.startswith(_CHANGES_RIGHTS):
            self._libraries = None

    async def hears(self, fact: Fact) -> bool:
        """Whether the subscriber may know of this event."""
        viewer = self._context.viewer
        if viewer.is_admin:
            return True
        if viewer.user_id is None or fact.audience == ADMINS:
            return False
        if fact.audience == EVERYONE:
            return await self._sees_subject(fact)
        kind, _, key = fact.audience.partition(":")
        if kind == "user":
            return key == str(viewer.user_id)
        return kind == "library" and int(key) in await self._visible_libraries() and await self._sees_subject(fact)

    async def _visible_libraries(self) -> frozenset[int]:
        if self._libraries is None:
            self._libraries = await self._context.read(visible_library_ids, self._context.viewer)
        return self._libraries

    async def _sees_subject(self, fact: Fact) -> bool:
        """What hangs on an item beyond the age limit is not told of; a deleted item is told of to whoever sees its library."""
        viewer = self._context.viewer
        if (viewer.all_libraries and viewer.max_age is None and viewer.sees_unrated) or fact.type in _GONE:
            return True
        try:
            table, key = parse_id(fact.subject)
        except Invalid:
            return True
        if table in _OF_ITEMS:
            item = fact.payload.get("item")
            table, key = ("", 0) if item is None else parse_id(item)
        if table != "media_items":
            return True
        return key in await self._context.read(visible_item_ids, viewer, [key])
