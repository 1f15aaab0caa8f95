"""Who a token or cookie is, remembered for a few seconds, so that not every request asks the database."""

import time
from collections import OrderedDict

from domain.accounts.sessions import Identity

LIFE_S = 5.0
SIZE = 1000


class IdentityCache:
    """Bounded by number and age. Whatever changes users, tokens or sessions clears it (in other processes: by event)."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, Identity]] = OrderedDict()
        self.generation = 0

    def get(self, secret: str) -> Identity | None:
        """The remembered identity, if it is young enough."""
        entry = self._known.get(secret)
        if entry is None or entry[0] < time.monotonic():
            return None
        return entry[1]

    def put(self, secret: str, identity: Identity, *, generation: int) -> None:
        """Remember what was read while `generation` was current; a clear in between wins."""
        if generation != self.generation:
            return
        self._known[secret] = (time.monotonic() + LIFE_S, identity)
        if len(self._known) > SIZE:
            self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget everybody: rights changed."""
        self.generation += 1
        self._known.clear()
