"""Bytes in the cache's quarantine, and published files by their digest.

Revision: 0021
After: 0018
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

_IS_ASIDE = sa.text("quarantined_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("cached_files", sa.Column("quarantined_at", types.Instant(), nullable=True))
    op.create_index(
        "ix_cached_files_quarantined_at", "cached_files", ["quarantined_at"], sqlite_where=_IS_ASIDE, postgresql_where=_IS_ASIDE
    )
    op.create_index("ix_published_files_sha256", "published_files", ["sha256"])


def downgrade() -> None:
    op.drop_index("ix_published_files_sha256", table_name="published_files")
    op.drop_index("ix_cached_files_quarantined_at", table_name="cached_files")
    op.drop_column("cached_files", "quarantined_at")
