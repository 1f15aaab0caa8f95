"""Jobs.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('job_schedules',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('cron', sa.String(), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('settings', types.Json, nullable=False),
    sa.Column('last_run_at', types.Instant(), nullable=True),
    sa.Column('last_status', sa.Enum('pending', 'waiting', 'running', 'cancelling', 'completed', 'failed', 'cancelled', name='job_status', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('next_run_at', types.Instant(), nullable=True),
    sa.CheckConstraint('is_enabled = (next_run_at IS NOT NULL)', name=op.f('ck_job_schedules_next_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_schedules')),
    sa.UniqueConstraint('name', name=op.f('uq_job_schedules_name'))
    )
    op.create_index('ix_job_schedules_due', 'job_schedules', ['next_run_at'], unique=False, sqlite_where=sa.text('next_run_at IS NOT NULL'), postgresql_where=sa.text('next_run_at IS NOT NULL'))
    op.create_table('jobs',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('queue', sa.String(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('status', sa.Enum('pending', 'waiting', 'running', 'cancelling', 'completed', 'failed', 'cancelled', name='job_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('failure', sa.Enum('error', 'poison', 'lost', name='job_failure', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('subject', sa.String(), nullable=True),
    sa.Column('requested_by_user_id', types.Key, nullable=True),
    sa.Column('payload', types.Json, nullable=False),
    sa.Column('dedupe_key', sa.String(), nullable=True),
    sa.Column('run_at', types.Instant(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('max_attempts', sa.Integer(), nullable=False),
    sa.Column('deaths', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(), nullable=True),
    sa.Column('lease_token', sa.BigInteger(), nullable=False),
    sa.Column('lease_until', types.Instant(), nullable=True),
    sa.Column('checkpoint', types.Json, nullable=True),
    sa.Column('progress', sa.Double(), nullable=True),
    sa.Column('progress_text', sa.String(), nullable=True),
    sa.Column('progress_counters', types.Json, nullable=True),
    sa.Column('result', types.Json, nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('parent_id', types.Key, nullable=True),
    sa.Column('chain', sa.String(), nullable=True),
    sa.Column('schedule_id', types.Key, nullable=True),
    sa.Column('pending_deps', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('started_at', types.Instant(), nullable=True),
    sa.Column('finished_at', types.Instant(), nullable=True),
    sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name=op.f('ck_jobs_failed')),
    sa.CheckConstraint("(status = 'waiting') = (pending_deps > 0) AND pending_deps >= 0", name=op.f('ck_jobs_waiting')),
    sa.CheckConstraint("(status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name=op.f('ck_jobs_ended')),
    sa.CheckConstraint("(status IN ('running', 'cancelling')) = (lease_until IS NOT NULL)", name=op.f('ck_jobs_held')),
    sa.CheckConstraint('priority BETWEEN 1 AND 10', name=op.f('ck_jobs_priority')),
    sa.CheckConstraint('progress IS NULL OR progress BETWEEN 0 AND 1', name=op.f('ck_jobs_progress')),
    sa.ForeignKeyConstraint(['parent_id'], ['jobs.id'], name=op.f('fk_jobs_parent_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['requested_by_user_id'], ['users.id'], name=op.f('fk_jobs_requested_by_user_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['schedule_id'], ['job_schedules.id'], name=op.f('fk_jobs_schedule_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    op.create_index('ix_jobs_chain', 'jobs', ['chain'], unique=False, sqlite_where=sa.text('chain IS NOT NULL'), postgresql_where=sa.text('chain IS NOT NULL'))
    op.create_index('ix_jobs_created_at', 'jobs', ['created_at'], unique=False)
    op.create_index('ix_jobs_finished_at', 'jobs', ['finished_at'], unique=False, sqlite_where=sa.text('finished_at IS NOT NULL'), postgresql_where=sa.text('finished_at IS NOT NULL'))
    op.create_index('ix_jobs_kind', 'jobs', ['kind', 'id'], unique=False)
    op.create_index('ix_jobs_lease', 'jobs', ['lease_until'], unique=False, sqlite_where=sa.text('lease_until IS NOT NULL'), postgresql_where=sa.text('lease_until IS NOT NULL'))
    op.create_index('ix_jobs_next', 'jobs', ['status', 'priority', 'run_at', 'id'], unique=False, sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'"))
    op.create_index(op.f('ix_jobs_parent_id'), 'jobs', ['parent_id'], unique=False)
    op.create_index(op.f('ix_jobs_requested_by_user_id'), 'jobs', ['requested_by_user_id'], unique=False)
    op.create_index(op.f('ix_jobs_schedule_id'), 'jobs', ['schedule_id'], unique=False)
    op.create_index('ix_jobs_status', 'jobs', ['status', 'id'], unique=False)
    op.create_index('ix_jobs_subject', 'jobs', ['subject', 'id'], unique=False)
    op.create_index('uq_jobs_dedupe_key', 'jobs', ['dedupe_key'], unique=True, sqlite_where=sa.text("status IN ('pending', 'waiting', 'running')"), postgresql_where=sa.text("status IN ('pending', 'waiting', 'running')"))
    op.create_table('job_dependencies',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('job_id', types.Key, nullable=False),
    sa.Column('depends_on_job_id', types.Key, nullable=False),
    sa.Column('on_failure', sa.Enum('cancel', 'continue', name='on_failure', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('is_resolved', sa.Boolean(), nullable=False),
    sa.CheckConstraint('job_id <> depends_on_job_id', name=op.f('ck_job_dependencies_other')),
    sa.ForeignKeyConstraint(['depends_on_job_id'], ['jobs.id'], name=op.f('fk_job_dependencies_depends_on_job_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_job_dependencies_job_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'depends_on_job_id', name=op.f('pk_job_dependencies'))
    )
    op.create_index(op.f('ix_job_dependencies_depends_on_job_id'), 'job_dependencies', ['depends_on_job_id'], unique=False)


def downgrade() -> None:
    op.drop_table('job_dependencies')
    op.drop_table('jobs')
    op.drop_table('job_schedules')
