"""Changes.

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('changes',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=True),
    sa.Column('action', sa.Enum('update', 'delete', 'restore', 'undo', name='change_action', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('is_dry_run', sa.Boolean(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('skipped', sa.Integer(), nullable=False),
    sa.Column('plan', types.Json, nullable=True),
    sa.Column('job_id', types.Key, nullable=True),
    sa.Column('undoes_id', types.Key, nullable=True),
    sa.Column('undone_at', types.Instant(), nullable=True),
    sa.Column('finished_at', types.Instant(), nullable=True),
    sa.CheckConstraint("undoes_id IS NULL OR action = 'undo'", name=op.f('ck_changes_undo')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_changes_job_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['undoes_id'], ['changes.id'], name=op.f('fk_changes_undoes_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_changes_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changes')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_changes_created_at', 'changes', ['created_at'], unique=False)
    op.create_index(op.f('ix_changes_job_id'), 'changes', ['job_id'], unique=False)
    op.create_index(op.f('ix_changes_undoes_id'), 'changes', ['undoes_id'], unique=False)
    op.create_index(op.f('ix_changes_user_id'), 'changes', ['user_id'], unique=False)
    op.create_table('change_rows',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('change_id', types.Key, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('outcome', sa.Enum('changed', 'unchanged', 'rejected', 'skipped', name='row_outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('before', types.Json, nullable=False),
    sa.Column('after', types.Json, nullable=False),
    sa.Column('errors', types.Json, nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['changes.id'], name=op.f('fk_change_rows_change_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_change_rows_item_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_rows')),
    sa.UniqueConstraint('change_id', 'position', name=op.f('uq_change_rows_change_id_position'))
    )
    op.create_index('ix_change_rows_created_at', 'change_rows', ['created_at'], unique=False)
    op.create_index(op.f('ix_change_rows_item_id'), 'change_rows', ['item_id'], unique=False)
    op.create_index('ix_change_rows_outcome', 'change_rows', ['change_id', 'outcome', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('change_rows')
    op.drop_table('changes')
