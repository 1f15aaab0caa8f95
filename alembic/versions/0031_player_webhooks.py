"""The token that webhooks of players carry.

Revision: 0031
After: 0033
"""

import sqlalchemy as sa
from alembic import op

# fmt: off
revision = '0031'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column without a default: no row is written."""
    op.add_column('players', sa.Column('webhook_hash', sa.String(), nullable=True))


def downgrade() -> None:
    """Back to 0033."""
    op.drop_column('players', 'webhook_hash')
