"""Orders of episodes that providers offer for series, and which of them the files go by.

Revision: 0027
After: 0026
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('series_orders',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('ordering', sa.Enum('aired', 'dvd', 'absolute', 'alternate', 'regional', 'digital', 'story', 'production', name='episode_ordering', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('external_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('is_chosen', sa.Boolean(), nullable=False),
    sa.Column('numbers', types.Json, nullable=True),
    sa.Column('fetched_at', types.Instant(), nullable=True),
    sa.CheckConstraint('(numbers IS NULL) = (fetched_at IS NULL)', name=op.f('ck_series_orders_fetched')),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_series_orders_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series_orders')),
    sa.UniqueConstraint('item_id', 'ordering', 'provider', name=op.f('uq_series_orders_item_id_ordering_provider'))
    )
    op.create_index('uq_series_orders_chosen', 'series_orders', ['item_id'], unique=True, sqlite_where=sa.text('is_chosen'), postgresql_where=sa.text('is_chosen'))


def downgrade() -> None:
    op.drop_table('series_orders')
