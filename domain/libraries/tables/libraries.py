"""Libraries: their roots, what their folders looked like at the last scan, and who may see them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, Versioned, exactly_one, reference, unique_where
from domain.kit.types import Instant, Json, SortText, choice
from domain.libraries.enums import AccessRight


class Library(Table, Versioned, table=True):
    """Folders of one media type. `ignore_patterns` are globs on file names; `!pattern` takes back a built-in one."""

    __tablename__ = "libraries"
    __table_args__ = (sa.Index("ix_libraries_sort_key", "sort_key", "id"), {"sqlite_autoincrement": True})

    name: str = Field(unique=True, nullable=False)
    sort_key: str = Field(sa_type=SortText, nullable=False)
    media_type_id: int = reference("media_types.id", on_delete="RESTRICT")
    is_enabled: bool = Field(default=True, nullable=False)
    auto_enrich: bool = Field(default=True, nullable=False)
    auto_publish: bool = Field(default=False, nullable=False)
    ignore_patterns: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    metadata_languages: list[str] | None = Field(default=None, sa_type=Json)
    """BCP 47, the most wanted first; NULL = what each provider is set to."""
    schedule_id: int | None = reference("job_schedules.id", on_delete="SET NULL", nullable=True)
    last_scanned_at: datetime | None = Field(default=None, sa_type=Instant)


class LibraryPath(Table, table=True):
    """A root folder of a library. While it is missing (an unmounted disk), nothing below it counts as deleted."""

    __tablename__ = "library_paths"
    __table_args__ = (sa.CheckConstraint("path <> ''", name="path"), {"sqlite_autoincrement": True})

    library_id: int = reference("libraries.id", on_delete="CASCADE")
    path: str = Field(unique=True, sa_type=SortText, nullable=False)
    position: int = Field(default=0, nullable=False)
    last_seen_at: datetime | None = Field(default=None, sa_type=Instant)
    missing_since: datetime | None = Field(default=None, sa_type=Instant)


class LibraryDirectory(Table, table=True):
    """A folder below a root, by its path from there ('' = the root), with the fingerprint of its last listing."""

    __tablename__ = "library_directories"
    __table_args__ = (sa.UniqueConstraint("library_path_id", "path"),)

    library_path_id: int = reference("library_paths.id", on_delete="CASCADE", index=False)
    path: str = Field(sa_type=SortText, nullable=False)
    fingerprint: str = Field(nullable=False)
    file_count: int = Field(default=0, nullable=False)
    modified_at: datetime | None = Field(default=None, sa_type=Instant)
    scanned_at: datetime = Field(sa_type=Instant, nullable=False)


class LibraryAccess(Table, table=True):
    """A library that a user, or everybody in a group, may see or edit."""

    __tablename__ = "library_access"
    __table_args__ = (
        sa.CheckConstraint(exactly_one("user_id", "group_id"), name="one_holder"),
        unique_where("uq_library_access_user", ["user_id", "library_id"], "user_id IS NOT NULL"),
        unique_where("uq_library_access_group", ["group_id", "library_id"], "group_id IS NOT NULL"),
    )

    library_id: int = reference("libraries.id", on_delete="CASCADE")
    user_id: int | None = reference("users.id", on_delete="CASCADE", nullable=True)
    group_id: int | None = reference("groups.id", on_delete="CASCADE", nullable=True)
    access_right: AccessRight = Field(default=AccessRight.VIEW, sa_type=choice(AccessRight), nullable=False)
