"""Providers' tokens, and up to where their changes have been read.

Revision: 0020
After: 0021
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0020'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('provider_configs', sa.Column('token', sa.Text(), nullable=True))
    op.add_column('provider_configs', sa.Column('changes_since', types.Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column('provider_configs', 'changes_since')
    op.drop_column('provider_configs', 'token')
