"""The table of settings that people change at run time."""

from typing import Any

from sqlmodel import Field

from domain.kit.tables import Timestamped
from domain.kit.types import Json


class Setting(Timestamped, table=True):
    """One named value, always JSON."""

    __tablename__ = "settings"

    key: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=Json)
    description: str | None = None
