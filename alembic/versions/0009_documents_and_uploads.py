"""Registered documents and staged uploads.

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('persisted_documents',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('manifest', sa.String(length=100), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('alias', sa.String(length=100), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('registered_by_user_id', types.Key, nullable=True),
    sa.ForeignKeyConstraint(['registered_by_user_id'], ['users.id'], name=op.f('fk_persisted_documents_registered_by_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_persisted_documents')),
    sa.UniqueConstraint('manifest', 'digest', name=op.f('uq_persisted_documents_manifest_digest'))
    )
    op.create_index(op.f('ix_persisted_documents_alias'), 'persisted_documents', ['alias'], unique=False)
    op.create_index(op.f('ix_persisted_documents_digest'), 'persisted_documents', ['digest'], unique=False)
    op.create_index(op.f('ix_persisted_documents_registered_by_user_id'), 'persisted_documents', ['registered_by_user_id'], unique=False)
    op.create_table('uploads',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('kind', sa.Enum('image', 'import', name='upload_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'receiving', 'complete', name='upload_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('received_at', types.Instant(), nullable=True),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.CheckConstraint('size_bytes > 0', name=op.f('ck_uploads_size_positive')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_uploads_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_uploads_token_hash'))
    )
    op.create_index(op.f('ix_uploads_expires_at'), 'uploads', ['expires_at'], unique=False)
    op.create_index(op.f('ix_uploads_user_id'), 'uploads', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('uploads')
    op.drop_table('persisted_documents')
