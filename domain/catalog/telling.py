"""What people are told of an item that is not there: the same words for one that is hidden from them."""

from typing import Final

NO_ITEM: Final = "There is no such item, or none that you may see. `search` and `mediaItems` tell ids."
