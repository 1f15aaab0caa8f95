"""Events.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('event_epoch',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('epoch', sa.BigInteger(), nullable=False),
    sa.Column('pruned_xid', sa.BigInteger(), nullable=False),
    sa.Column('pruned_sequence', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('since', types.Instant(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_event_epoch_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_epoch'))
    )
    op.create_table('events',
    sa.Column('sequence', types.Key, nullable=False),
    sa.Column('xid', sa.BigInteger(), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('payload', types.Json, nullable=False),
    sa.Column('changed_fields', types.Json, nullable=True),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_events')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_events_at', 'events', ['at'], unique=False)
    op.create_index('ix_events_xid_sequence', 'events', ['xid', 'sequence'], unique=False)
    op.create_table('provider_responses',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('request_key', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('etag', sa.String(), nullable=True),
    sa.Column('status', sa.SmallInteger(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('fetched_at', types.Instant(), nullable=False),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_responses')),
    sa.UniqueConstraint('provider', 'request_key', 'language', name=op.f('uq_provider_responses_provider_request_key_language'))
    )
    op.create_index(op.f('ix_provider_responses_expires_at'), 'provider_responses', ['expires_at'], unique=False)
    op.create_table('idempotency_keys',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('operation', sa.String(), nullable=False),
    sa.Column('input_sha256', sa.String(), nullable=False),
    sa.Column('result', types.Json, nullable=True),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_idempotency_keys_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency_keys')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_idempotency_keys_user_id_key'))
    )
    op.create_index(op.f('ix_idempotency_keys_expires_at'), 'idempotency_keys', ['expires_at'], unique=False)
    op.create_table('inbound_events',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('source_id', types.Key, nullable=True),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('payload', types.Json, nullable=False),
    sa.Column('job_id', types.Key, nullable=True),
    sa.Column('processed_at', types.Instant(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_inbound_events_job_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_inbound_events_source_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_events'))
    )
    op.create_index('ix_inbound_events_created_at', 'inbound_events', ['created_at'], unique=False)
    op.create_index(op.f('ix_inbound_events_job_id'), 'inbound_events', ['job_id'], unique=False)
    op.create_index(op.f('ix_inbound_events_source_id'), 'inbound_events', ['source_id'], unique=False)


def downgrade() -> None:
    op.drop_table('inbound_events')
    op.drop_table('idempotency_keys')
    op.drop_table('provider_responses')
    op.drop_table('events')
    op.drop_table('event_epoch')
