"""Publishing: which files are ours, the journal, and triggers by which an item's files become outdated.

Revision: 0014
After: 0012
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types
from domain.publish import outdating

# fmt: off
revision = '0014'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('published_files',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('media_file_id', types.Key, nullable=False),
    sa.Column('asset_id', types.Key, nullable=True),
    sa.Column('asset_type', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('quick_hash', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('modified_at', types.Instant(), nullable=False),
    sa.Column('published_at', types.Instant(), nullable=False),
    sa.Column('verified_at', types.Instant(), nullable=True),
    sa.CheckConstraint('size_bytes >= 0', name=op.f('ck_published_files_not_negative')),
    sa.ForeignKeyConstraint(['asset_id'], ['assets.id'], name=op.f('fk_published_files_asset_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['asset_type'], ['asset_types.name'], name=op.f('fk_published_files_asset_type'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_published_files_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['media_file_id'], ['media_files.id'], name=op.f('fk_published_files_media_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_files')),
    sa.UniqueConstraint('media_file_id', name=op.f('uq_published_files_media_file_id'))
    )
    op.create_index(op.f('ix_published_files_asset_id'), 'published_files', ['asset_id'], unique=False)
    op.create_index('ix_published_files_asset_type', 'published_files', ['asset_type'], unique=False)
    op.create_index('ix_published_files_item', 'published_files', ['item_id', 'asset_type'], unique=False)
    op.create_table('publish_runs',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('root_id', types.Key, nullable=True),
    sa.Column('job_id', types.Key, nullable=True),
    sa.Column('status', sa.Enum('running', 'completed', 'failed', 'interrupted', name='publish_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('failure', sa.Enum('disk_full', 'read_only', 'folder_gone', 'outside_library', 'source_changed', 'io_error', name='publish_failure', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('steps', types.Json, nullable=False),
    sa.Column('written_count', sa.Integer(), nullable=False),
    sa.Column('removed_count', sa.Integer(), nullable=False),
    sa.Column('displaced_count', sa.Integer(), nullable=False),
    sa.Column('finished_at', types.Instant(), nullable=True),
    sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name=op.f('ck_publish_runs_failed')),
    sa.CheckConstraint("(status = 'running') = (finished_at IS NULL)", name=op.f('ck_publish_runs_finished')),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_publish_runs_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_publish_runs_job_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['root_id'], ['media_items.id'], name=op.f('fk_publish_runs_root_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publish_runs')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_publish_runs_created_at', 'publish_runs', ['created_at'], unique=False)
    op.create_index('ix_publish_runs_item', 'publish_runs', ['item_id', 'id'], unique=False)
    op.create_index(op.f('ix_publish_runs_job_id'), 'publish_runs', ['job_id'], unique=False)
    op.create_index('ix_publish_runs_root_id', 'publish_runs', ['root_id'], unique=False)
    op.create_index('ix_publish_runs_status', 'publish_runs', ['status', 'id'], unique=False)
    op.create_index('uq_publish_runs_running', 'publish_runs', ['root_id'], unique=True, sqlite_where=sa.text("status = 'running' AND root_id IS NOT NULL"), postgresql_where=sa.text("status = 'running' AND root_id IS NOT NULL"))
    outdating.watch(op.get_bind())


def downgrade() -> None:
    outdating.unwatch(op.get_bind())
    op.drop_table('publish_runs')
    op.drop_table('published_files')
