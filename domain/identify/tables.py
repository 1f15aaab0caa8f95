"""When automation last tried to find out what an item is, so that not every scan asks the providers again."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.identify.enums import AttemptOutcome
from domain.kit.tables import Table, reference
from domain.kit.types import Instant, choice


class IdentificationAttempt(Table, table=True):
    """The last attempt at an item: what was known of it then (`asked`), and when the same question makes sense again."""

    __tablename__ = "identification_attempts"
    __table_args__ = (sa.CheckConstraint("attempts >= 1", name="attempts"),)

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False, unique=True)
    outcome: AttemptOutcome = Field(sa_type=choice(AttemptOutcome), nullable=False)
    asked: str = Field(sa_type=sa.Text, nullable=False)
    """Titles, years and ids: others are another question, which is asked at once."""
    attempts: int = Field(default=1, nullable=False)
    """With this question, without an answer that settled it."""
    tried_at: datetime = Field(sa_type=Instant, nullable=False)
    retry_at: datetime | None = Field(default=None, sa_type=Instant)
    """NULL = not by itself."""
