"""Registered documents: what the client programs of a household may ask, by manifest."""

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, reference


class PersistedDocument(Table, table=True):
    """One document of one manifest; several manifests (releases of one program) may hold the same text."""

    __tablename__ = "persisted_documents"
    __table_args__ = (sa.UniqueConstraint("manifest", "digest"), {"sqlite_autoincrement": True})

    manifest: str = Field(max_length=100)
    """Which program and release registered it: `kiosk 1.4`."""
    digest: str = Field(max_length=64, index=True)
    """SHA-256 of the text in UTF-8, hex: every document is `sha256:<digest>`."""
    alias: str | None = Field(default=None, max_length=100, index=True)
    """The manifest's own id, where it is another: Relay writes MD5, others SHA-1 or names."""
    name: str | None = Field(default=None, max_length=200)
    """Of its first operation."""
    text: str = Field(sa_type=sa.Text)
    registered_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
