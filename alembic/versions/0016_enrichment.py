"""Enrichment: the order of providers, and what came of asking them.

Revision: 0016
After: 0022
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0016'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('enrichment_results',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('outcome', sa.Enum('answered', 'not_there', 'failed', name='lookup_outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('external_id', sa.String(), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('code', sa.String(), nullable=True),
    sa.Column('retry_at', types.Instant(), nullable=True),
    sa.Column('asked_at', types.Instant(), nullable=False),
    sa.CheckConstraint("(outcome = 'failed') = (error IS NOT NULL)", name=op.f('ck_enrichment_results_error')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_enrichment_results_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrichment_results')),
    sa.UniqueConstraint('entity_id', 'provider', name=op.f('uq_enrichment_results_entity_id_provider'))
    )
    op.create_index('ix_enrichment_results_outcome', 'enrichment_results', ['outcome', 'entity_id'], unique=False)
    op.create_table('provider_priorities',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('media_type_id', types.Key, nullable=True),
    sa.Column('provider_id', types.Key, nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('fallback_behavior', sa.Enum('continue', 'stop', 'merge', name='fallback', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.CheckConstraint('priority >= 1 AND priority <= 1000', name=op.f('ck_provider_priorities_priority')),
    sa.ForeignKeyConstraint(['media_type_id'], ['media_types.id'], name=op.f('fk_provider_priorities_media_type_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['provider_id'], ['provider_configs.id'], name=op.f('fk_provider_priorities_provider_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_priorities'))
    )
    op.create_index(op.f('ix_provider_priorities_media_type_id'), 'provider_priorities', ['media_type_id'], unique=False)
    op.create_index('ix_provider_priorities_order', 'provider_priorities', ['field', 'media_type_id', 'priority', 'id'], unique=False)
    op.create_index(op.f('ix_provider_priorities_provider_id'), 'provider_priorities', ['provider_id'], unique=False)
    op.create_index('uq_provider_priorities_typed', 'provider_priorities', ['media_type_id', 'field', 'provider_id'], unique=True, sqlite_where=sa.text('media_type_id IS NOT NULL'), postgresql_where=sa.text('media_type_id IS NOT NULL'))
    op.create_index('uq_provider_priorities_untyped', 'provider_priorities', ['field', 'provider_id'], unique=True, sqlite_where=sa.text('media_type_id IS NULL'), postgresql_where=sa.text('media_type_id IS NULL'))


def downgrade() -> None:
    op.drop_table('provider_priorities')
    op.drop_table('enrichment_results')
