"""What waits for publication, by library.

Revision: 0018
After: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITS = sa.text("publication <> 'published' AND deleted_at IS NULL")


def upgrade() -> None:
    """On PostgreSQL writing of items waits while the index is made."""
    op.create_index("ix_media_items_unpublished", "media_items", ["library_id"], sqlite_where=_WAITS, postgresql_where=_WAITS)


def downgrade() -> None:
    op.drop_index("ix_media_items_unpublished", table_name="media_items")
