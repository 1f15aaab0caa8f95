"""What becomes of webhooks, and the tokens that they carry.

Revision: 0033
After: 0028
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0033'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing has ever written to `inbound_events`: it is made anew. On PostgreSQL a lock that is not had within ten seconds
    fails the step, and nothing has happened."""
    op.drop_table('inbound_events')
    op.create_table('inbound_events',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('source_id', types.Key, nullable=True),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('instance', sa.String(), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('deliveries', sa.Integer(), nullable=False),
    sa.Column('last_received_at', types.Instant(), nullable=False),
    sa.Column('status', sa.Enum('received', 'processed', 'ignored', 'failed', name='inbound_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('failure', sa.Enum('no_path', 'path_refused', 'no_library', 'library_disabled', 'folder_missing', 'unreadable', name='inbound_failure', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('chain', sa.String(), nullable=True),
    sa.Column('job_id', types.Key, nullable=True),
    sa.Column('processed_at', types.Instant(), nullable=True),
    sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name=op.f('ck_inbound_events_failed')),
    sa.CheckConstraint("(status = 'received') = (processed_at IS NULL)", name=op.f('ck_inbound_events_processed')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_inbound_events_job_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_inbound_events_source_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_events')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_inbound_events_created_at', 'inbound_events', ['created_at', 'id'], unique=False)
    op.create_index('ix_inbound_events_source_digest', 'inbound_events', ['source_id', 'digest', 'created_at'], unique=False)
    op.create_index('ix_inbound_events_type', 'inbound_events', ['type', 'id'], unique=False)
    op.create_index('ix_inbound_events_chain', 'inbound_events', ['chain'], unique=False, sqlite_where=sa.text('chain IS NOT NULL'), postgresql_where=sa.text('chain IS NOT NULL'))
    op.create_index(op.f('ix_inbound_events_job_id'), 'inbound_events', ['job_id'], unique=False)
    op.add_column('sources', sa.Column('software_version', sa.String(), nullable=True))
    op.add_column('sources', sa.Column('webhook_hash', sa.String(), nullable=True))
    op.add_column('sources', sa.Column('webhook_hint', sa.String(), nullable=True))
    op.add_column('sources', sa.Column('webhook_made_at', types.Instant(), nullable=True))


def downgrade() -> None:
    for name in ('webhook_made_at', 'webhook_hint', 'webhook_hash', 'software_version'):
        op.drop_column('sources', name)
    op.drop_table('inbound_events')
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
