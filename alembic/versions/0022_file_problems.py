"""What is not right about files of ours; actors' pictures outdate what they play in.

Revision: 0022
After: 0019
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types
from domain.publish import outdating

# fmt: off
revision = '0022'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('file_problems',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('kind', sa.Enum('missing', 'changed', 'corrupt', 'misnamed', 'orphaned', 'cache_missing', 'cache_corrupt', name='file_problem_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('repair', sa.Enum('publish', 'replace', 'leave', 'remove', 'copy_back', 'download', name='file_repair', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('checked_at', types.Instant(), nullable=False),
    sa.Column('library_id', types.Key, nullable=True),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('published_file_id', types.Key, nullable=True),
    sa.Column('cached_file_id', types.Key, nullable=True),
    sa.ForeignKeyConstraint(['cached_file_id'], ['cached_files.id'], name=op.f('fk_file_problems_cached_file_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_file_problems_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_file_problems_library_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['published_file_id'], ['published_files.id'], name=op.f('fk_file_problems_published_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_problems')),
    sa.UniqueConstraint('path', 'kind', name=op.f('uq_file_problems_path_kind')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_file_problems_kind', 'file_problems', ['kind', 'id'], unique=False)
    for column in ('cached_file_id', 'item_id', 'library_id', 'published_file_id'):
        op.create_index(op.f(f'ix_file_problems_{column}'), 'file_problems', [column], unique=False)
    outdating.unwatch(op.get_bind())
    outdating.watch(op.get_bind())


def downgrade() -> None:
    op.drop_table('file_problems')
