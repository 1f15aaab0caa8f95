"""Smaller variants of pictures.

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('image_variants',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('cached_file_id', types.Key, nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('format', sa.String(length=8), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('last_accessed_at', types.Instant(), nullable=False),
    sa.CheckConstraint('width > 0 AND height > 0 AND size_bytes >= 0', name=op.f('ck_image_variants_positive')),
    sa.ForeignKeyConstraint(['cached_file_id'], ['cached_files.id'], name=op.f('fk_image_variants_cached_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_image_variants')),
    sa.UniqueConstraint('cached_file_id', 'width', name=op.f('uq_image_variants_cached_file_id_width'))
    )
    op.create_index('ix_image_variants_last_accessed_at', 'image_variants', ['last_accessed_at'], unique=False)


def downgrade() -> None:
    op.drop_table('image_variants')
