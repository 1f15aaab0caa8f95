"""Pictures on offer: addresses of their thumbnails, downloads that failed, choices that wait for bytes.

Revision: 0017
After: 0020
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0017'
down_revision = '0020'
branch_labels = None
depends_on = None

_FAILURES = ('unreachable', 'rate_limited', 'gone', 'refused', 'too_large', 'not_picture', 'wrong_shape')
_TOKEN = {'sqlite': 'lower(hex(randomblob(16)))', 'postgresql': "replace(CAST(gen_random_uuid() AS text), '-', '')"}


def upgrade() -> None:
    op.add_column('image_candidates', sa.Column('token', sa.String(), nullable=True))
    op.execute(f"UPDATE image_candidates SET token = {_TOKEN[op.get_bind().dialect.name]}")  # noqa: S608 - ours
    op.create_index('uq_image_candidates_token', 'image_candidates', ['token'], unique=True)
    here = sa.text('cached_file_id IS NOT NULL')
    op.create_index('ix_image_candidates_url', 'image_candidates', ['url'], unique=False, sqlite_where=here, postgresql_where=here)
    op.create_table('image_downloads',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('candidate_id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('failure', sa.Enum(*_FAILURES, name='download_failure', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('failure_count', sa.Integer(), nullable=False),
    sa.Column('retry_at', types.Instant(), nullable=False),
    sa.CheckConstraint('failure_count >= 1', name=op.f('ck_image_downloads_failure_count')),
    sa.ForeignKeyConstraint(['candidate_id'], ['image_candidates.id'], name=op.f('fk_image_downloads_candidate_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_image_downloads_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_image_downloads')),
    sa.UniqueConstraint('candidate_id', name=op.f('uq_image_downloads_candidate_id'))
    )
    op.create_index(op.f('ix_image_downloads_entity_id'), 'image_downloads', ['entity_id'], unique=False)
    op.create_index('ix_image_downloads_retry_at', 'image_downloads', ['retry_at'], unique=False)
    op.create_table('image_choices',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('asset_type', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('candidate_id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=True),
    sa.CheckConstraint('position >= 0', name=op.f('ck_image_choices_position')),
    sa.ForeignKeyConstraint(['asset_type'], ['asset_types.name'], name=op.f('fk_image_choices_asset_type'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['candidate_id'], ['image_candidates.id'], name=op.f('fk_image_choices_candidate_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_image_choices_entity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_image_choices_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_image_choices')),
    sa.UniqueConstraint('candidate_id', name=op.f('uq_image_choices_candidate_id')),
    sa.UniqueConstraint('entity_id', 'asset_type', 'position', name=op.f('uq_image_choices_entity_id_asset_type_position'))
    )
    op.create_index('ix_image_choices_asset_type', 'image_choices', ['asset_type'], unique=False)
    op.create_index(op.f('ix_image_choices_user_id'), 'image_choices', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('image_choices')
    op.drop_table('image_downloads')
    op.drop_index('ix_image_candidates_url', 'image_candidates')
    op.drop_index('uq_image_candidates_token', 'image_candidates')
    op.drop_column('image_candidates', 'token')
