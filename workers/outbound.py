"""The way to other servers of a process that does jobs: one egress for all its threads, replaceable by tests."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from domain.kit.http import Egress, Lan
from domain.kit.secrets import load_key
from domain.providers.desk import Desk
from workers.context import JobContext

_guard = threading.Lock()
_egress: Egress | None = None
_lan: Lan | None = None
_addresses: Mapping[str, str] = {}
_pause: Callable[[float], object] | None = None


def egress() -> Egress:
    """The process's egress, made when first needed."""
    global _egress
    with _guard:
        if _egress is None:
            _egress = Egress()
        return _egress


def lan() -> Lan:
    """The process's way to servers in the house, made when first needed."""
    global _lan
    with _guard:
        if _lan is None:
            _lan = Lan()
        return _lan


def replace_egress(
    other: Egress | None, addresses: Mapping[str, str] | None = None, pause: Callable[[float], object] | None = None
) -> None:
    """Let jobs go out through `other`, find providers at these addresses (name -> URL) and wait for them by `pause`; None = as
    usual. For tests."""
    global _egress, _addresses, _pause
    with _guard:
        _egress, _addresses, _pause = other, addresses or {}, pause


def desk_of(context: JobContext[Any]) -> Desk:
    """Where a job asks providers. While it waits for them it hears that it is to stop; whoever waits on asks that itself."""
    settings = context.settings
    key = load_key(settings.data_dir, settings.key.get_secret_value() if settings.key else None)
    return Desk(context.database, egress(), key=key, pause=_pause or context.interrupted.wait, addresses=_addresses)
