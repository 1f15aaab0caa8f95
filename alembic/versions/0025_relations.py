"""Who said that works are related and whether it was taken back; what providers recommend.

Revision: 0025
After: 0023
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0025'
down_revision = '0023'
branch_labels = None
depends_on = None

_OLD = 'created_at, updated_at, from_item_id, to_item_id, type'


def _make(*more: sa.Column) -> None:
    """The table anew around its rows: SQLite adds no CHECK to one that is there."""
    op.execute(f'CREATE TABLE relations_kept AS SELECT {_OLD}, {"is_removed" if not more else "false AS is_removed"} FROM media_relationships')  # noqa: S608 - ours
    op.drop_table('media_relationships')
    op.create_table('media_relationships',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('from_item_id', types.Key, nullable=False),
    sa.Column('to_item_id', types.Key, nullable=False),
    sa.Column('type', sa.Enum('sequel', 'adaptation', 'spin_off', 'remake', 'shared_universe', name='relationship_type', native_enum=False, create_constraint=True, length=32), nullable=False),
    *more,
    sa.CheckConstraint("type <> 'shared_universe' OR from_item_id < to_item_id", name=op.f('ck_media_relationships_stored_once')),
    sa.CheckConstraint('from_item_id <> to_item_id', name=op.f('ck_media_relationships_two_items')),
    sa.ForeignKeyConstraint(['from_item_id'], ['media_items.id'], name=op.f('fk_media_relationships_from_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_item_id'], ['media_items.id'], name=op.f('fk_media_relationships_to_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media_relationships')),
    sa.UniqueConstraint('from_item_id', 'to_item_id', 'type', name=op.f('uq_media_relationships_from_item_id_to_item_id_type'))
    )
    op.create_index(op.f('ix_media_relationships_to_item_id'), 'media_relationships', ['to_item_id'], unique=False)


def upgrade() -> None:
    """Until now only enrichment wrote relationships."""
    _make(
        sa.Column('origin', sa.Enum('user', 'provider', name='relation_origin', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('is_removed', sa.Boolean(), nullable=False),
    )
    op.execute(f"INSERT INTO media_relationships ({_OLD}, origin, is_removed) SELECT {_OLD}, 'provider', false FROM relations_kept")  # noqa: S608 - ours
    op.drop_table('relations_kept')
    op.create_table('recommendations',
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('rank', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('namespace', sa.String(), nullable=False),
    sa.Column('external_id', sa.String(), nullable=False),
    sa.CheckConstraint('rank >= 0', name=op.f('ck_recommendations_rank')),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_recommendations_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', 'rank', name=op.f('pk_recommendations')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    """Relationships that people removed come back with the next enrichment."""
    op.drop_table('recommendations')
    _make()
    op.execute(f'INSERT INTO media_relationships ({_OLD}) SELECT {_OLD} FROM relations_kept WHERE NOT is_removed')  # noqa: S608 - ours
    op.drop_table('relations_kept')
