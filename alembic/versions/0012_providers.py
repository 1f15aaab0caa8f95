"""Providers: their settings and state, and how they do.

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('provider_configs',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(50), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('key', sa.Text(), nullable=True),
    sa.Column('language', sa.String(35), nullable=False),
    sa.Column('region', sa.String(2), nullable=True),
    sa.Column('rate_limit', sa.Double(), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('last_tested_at', types.Instant(), nullable=True),
    sa.Column('last_test', sa.Enum('passed', 'key_refused', 'failed', name='test_outcome', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('last_test_error', sa.Text(), nullable=True),
    sa.Column('breaker', sa.Enum('closed', 'open', 'half_open', name='breaker_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('successes', sa.Integer(), nullable=False),
    sa.Column('retry_at', types.Instant(), nullable=True),
    sa.Column('blocked_until', types.Instant(), nullable=True),
    sa.Column('recent', types.Json, nullable=False),
    sa.CheckConstraint("(breaker = 'closed') = (retry_at IS NULL)", name=op.f('ck_provider_configs_retry_at')),
    sa.CheckConstraint('coalesce(rate_limit, 1) > 0', name=op.f('ck_provider_configs_rate_limit')),
    sa.CheckConstraint('failures >= 0 AND successes >= 0', name=op.f('ck_provider_configs_not_negative')),
    sa.CheckConstraint('priority >= 1 AND priority <= 1000', name=op.f('ck_provider_configs_priority')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_configs')),
    sa.UniqueConstraint('name', name=op.f('uq_provider_configs_name')),
    sqlite_autoincrement=True
    )
    op.create_table('provider_stats',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('provider_id', types.Key, nullable=False),
    sa.Column('media_type_id', types.Key, nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('success_count', sa.Integer(), nullable=False),
    sa.Column('failure_count', sa.Integer(), nullable=False),
    sa.Column('total_response_ms', sa.BigInteger(), nullable=False),
    sa.Column('average_response_ms', sa.BigInteger(), nullable=False),
    sa.Column('last_success_at', types.Instant(), nullable=True),
    sa.Column('last_failure_at', types.Instant(), nullable=True),
    sa.CheckConstraint('success_count >= 0 AND failure_count >= 0 AND average_response_ms >= 0', name=op.f('ck_provider_stats_not_negative')),
    sa.ForeignKeyConstraint(['media_type_id'], ['media_types.id'], name=op.f('fk_provider_stats_media_type_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['provider_id'], ['provider_configs.id'], name=op.f('fk_provider_stats_provider_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_stats'))
    )
    op.create_index('ix_provider_stats_day', 'provider_stats', ['provider_id', 'day'], unique=False)
    op.create_index(op.f('ix_provider_stats_media_type_id'), 'provider_stats', ['media_type_id'], unique=False)
    op.create_index('uq_provider_stats_typed', 'provider_stats', ['provider_id', 'media_type_id', 'day'], unique=True, sqlite_where=sa.text('media_type_id IS NOT NULL'), postgresql_where=sa.text('media_type_id IS NOT NULL'))
    op.create_index('uq_provider_stats_untyped', 'provider_stats', ['provider_id', 'day'], unique=True, sqlite_where=sa.text('media_type_id IS NULL'), postgresql_where=sa.text('media_type_id IS NULL'))


def downgrade() -> None:
    op.drop_table('provider_stats')
    op.drop_table('provider_configs')
