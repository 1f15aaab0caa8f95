"""Named settings that people or the server change at run time."""

from typing import Any

from sqlmodel import Session

from domain.kit.database import UnitOfWork
from domain.system.settings_tables import Setting


def get_setting(session: Session, key: str, default: Any = None) -> Any:
    """The stored value, else `default`."""
    row = session.get(Setting, key)
    return default if row is None else row.value


def put_setting(uow: UnitOfWork, key: str, value: Any, *, description: str | None = None) -> None:
    """Store a JSON value under a name."""
    row = uow.session.get(Setting, key)
    if row is None:
        uow.session.add(Setting(key=key, value=value, description=description))
    else:
        row.value = value


def drop_setting(uow: UnitOfWork, key: str) -> None:
    """Forget a value; nothing happens when there is none."""
    row = uow.session.get(Setting, key)
    if row is not None:
        uow.session.delete(row)
