"""What lies beside the media, as a row among the providers: ordered and switched off like them, and never asked over a wire."""

import os
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from domain.catalog.provider_order import LOCAL
from domain.kit.errors import Invalid, Unreachable
from domain.kit.spelling import camel
from domain.libraries import paths
from domain.libraries.tables import LibraryPath

CHANGEABLE: Final = frozenset({"is_enabled"})
"""What a person decides about it here; its place among pictures is an order of their types."""


def check_changes(changes: Mapping[str, Any]) -> None:
    """Raises Invalid for settings that only servers have."""
    for name in sorted(changes.keys() - CHANGEABLE):
        message = f"{LOCAL} is no server: it is only switched on and off here. Its place is set with `setProviderPriorities`."
        raise Invalid(message, path=(camel(name),))


def check_key() -> None:
    """Raises Invalid: there is nobody to give a key to."""
    raise Invalid(f"{LOCAL} is no server and needs no key.", path=("key",))


def folders(session: Session) -> list[str]:
    """The folders of all libraries, as they are stored."""
    query = select(LibraryPath.path).order_by(col(LibraryPath.path))  # unguarded: only admins test it
    return list(session.exec(query))


def look_into(folders: Iterable[str]) -> None:
    """Raises Unreachable for the first folder that cannot be listed."""
    for folder in folders:
        try:
            with os.scandir(paths.real(folder)) as entries:
                next(entries, None)
        except OSError as error:
            raise Unreachable(f"{folder} cannot be read: {error.strerror or 'it is not there'}.") from error
