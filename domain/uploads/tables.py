"""Staged uploads: what was announced, and whether it came."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, reference
from domain.kit.types import Instant, choice
from domain.uploads.enums import UploadKind, UploadState


class Upload(Table, table=True):
    """A file of one user. Its bytes are `<data>/uploads/<id>` once it is complete, `<id>.part` while it comes."""

    __tablename__ = "uploads"
    __table_args__ = (sa.CheckConstraint("size_bytes > 0", name="size_positive"), {"sqlite_autoincrement": True})

    user_id: int = reference("users.id", on_delete="CASCADE")
    kind: UploadKind = Field(sa_type=choice(UploadKind), nullable=False)
    state: UploadState = Field(default=UploadState.WAITING, sa_type=choice(UploadState), nullable=False)
    filename: str = Field(max_length=255)
    """As the client calls it; never a path of ours."""
    size_bytes: int = Field(sa_type=sa.BigInteger, nullable=False)
    """Announced, and exactly what must come."""
    sha256: str = Field(max_length=64)
    """Hex; announced, and what must come."""
    media_type: str | None = Field(default=None, max_length=100)
    """What its first bytes say, once it is complete."""
    token_hash: str = Field(unique=True, max_length=64)
    received_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the sender took hold of it (receiving) or when it was complete."""
    expires_at: datetime = Field(sa_type=Instant, nullable=False, index=True)
    """Row and bytes go then."""
