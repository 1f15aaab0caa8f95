"""When automation last tried to find out what an item is.

Revision: 0019
After: 0017
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0019'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table: nobody waits."""
    op.create_table('identification_attempts',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('outcome', sa.Enum('identified', 'candidates', 'nothing', 'contradicted', 'failed', name='attempt_outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('asked', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('tried_at', types.Instant(), nullable=False),
    sa.Column('retry_at', types.Instant(), nullable=True),
    sa.CheckConstraint('attempts >= 1', name=op.f('ck_identification_attempts_attempts')),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_identification_attempts_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identification_attempts')),
    sa.UniqueConstraint('item_id', name=op.f('uq_identification_attempts_item_id'))
    )


def downgrade() -> None:
    op.drop_table('identification_attempts')
