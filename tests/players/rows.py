"""Groups and players made, changed and looked at in the database."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import DomainError
from domain.players import groups, service
from domain.players.enums import PlayerType
from domain.players.tables import Player
from domain.system.tables import Event

KEY = b"k" * 32


def group(database: Database, type_: PlayerType = PlayerType.KODI, name: str = "Screens", **more: Any) -> int:
    with database.transaction(actor="usr_1") as uow:
        return groups.create(uow, name=name, type=type_, **more).id


def player(database: Database, group_id: int, name: str = "Den", **more: Any) -> int:
    values = {"name": name, "host": f"{name.lower()}.lan", "port": 8080, **more}
    with database.transaction(actor="usr_1") as uow:
        return service.create(uow, group_id=group_id, values=values, secret=KEY).id


def change(database: Database, player_id: int, **changes: Any) -> Player:
    with database.transaction() as uow:
        return service.update(uow, player_id=player_id, changes=changes, secret=KEY)


def refused(database: Database, kind: type[DomainError], act: Callable[[UnitOfWork], object]) -> tuple[str, ...]:
    with pytest.raises(kind) as error, database.transaction() as uow:
        act(uow)
    return error.value.path


def row(database: Database, model: Any, key: int) -> Any:
    with database.read() as session:
        return session.get(model, key)


def told(database: Database) -> list[tuple[str, str, Any]]:
    with database.read() as session:
        return [
            (each.type, each.subject, each.changed_fields) for each in session.exec(select(Event).order_by(sa.text("sequence")))
        ]


def count(database: Database, model: Any) -> int:
    with database.read() as session:
        return len(session.exec(select(model)).all())
