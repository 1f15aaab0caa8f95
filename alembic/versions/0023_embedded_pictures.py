"""Media files with pictures inside, and whether somebody looked into them.

Revision: 0023
After: 0016
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0023'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('embedded_pictures',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('media_file_id', types.Key, nullable=False),
    sa.Column('picture_count', sa.Integer(), nullable=False),
    sa.Column('looked_at', types.Instant(), nullable=True),
    sa.CheckConstraint('picture_count > 0', name=op.f('ck_embedded_pictures_picture_count')),
    sa.ForeignKeyConstraint(['media_file_id'], ['media_files.id'], name=op.f('fk_embedded_pictures_media_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_embedded_pictures')),
    sa.UniqueConstraint('media_file_id', name=op.f('uq_embedded_pictures_media_file_id'))
    )
    waiting = sa.text('looked_at IS NULL')
    op.create_index('ix_embedded_pictures_waiting', 'embedded_pictures', ['media_file_id'], unique=False, sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    # A use of a video would be taken for one of a picture file.
    op.execute("DELETE FROM assets WHERE media_file_id IN (SELECT media_file_id FROM embedded_pictures)")
    op.execute("DELETE FROM image_candidates WHERE url LIKE 'embedded:%'")
    op.drop_table('embedded_pictures')
