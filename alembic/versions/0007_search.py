"""The search index, and the triggers that note what it must follow.

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types
from domain.kit.database import triggers

# fmt: off
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

WATCHED = {
    'media_items': ('title', 'original_title', 'sort_title', 'year', 'kind'),
    'people': ('name', 'sort_name'),
    'collections': ('name', 'sort_name'),
    'studios': ('name',),
    'genres': ('name',),
}


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    kinds = ('movie', 'series', 'season', 'episode', 'artist', 'album', 'track', 'interstitial', 'intro', 'outro', 'promo', 'bumper', 'station_id', 'clip', 'ad', 'unknown', 'custom', 'person', 'collection', 'studio', 'genre')
    op.create_table('search_documents',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=True),
    sa.Column('genre_id', types.Key, nullable=True),
    sa.Column('kind', sa.Enum(*kinds, name='search_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('names', sa.String(), nullable=False),
    sa.Column('first_name', types.SortText, nullable=False),
    sa.CheckConstraint('(CASE WHEN entity_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN genre_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_search_documents_one_owner')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_search_documents_entity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['genre_id'], ['genres.id'], name=op.f('fk_search_documents_genre_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_documents')),
    sa.UniqueConstraint('entity_id', name=op.f('uq_search_documents_entity_id')),
    sa.UniqueConstraint('genre_id', name=op.f('uq_search_documents_genre_id'))
    )
    op.create_index('ix_search_documents_first_name', 'search_documents', ['first_name', 'rank'], unique=False)
    op.create_index('ix_search_documents_year', 'search_documents', ['year', 'rank'], unique=False, sqlite_where=sa.text('year IS NOT NULL'), postgresql_where=sa.text('year IS NOT NULL'))
    op.create_table('search_words',
    sa.Column('id', types.Key, nullable=False),
    sa.Column('word', types.SortText, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_words')),
    sa.UniqueConstraint('word', name=op.f('uq_search_words_word'))
    )
    op.create_table('search_postings',
    sa.Column('word_id', types.Key, nullable=False),
    sa.Column('document_id', types.Key, nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['search_documents.id'], name=op.f('fk_search_postings_document_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['word_id'], ['search_words.id'], name=op.f('fk_search_postings_word_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('word_id', 'document_id', name=op.f('pk_search_postings')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_search_postings_document_id'), 'search_postings', ['document_id'], unique=False)
    op.create_table('search_typos',
    sa.Column('checksum', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('word_id', types.Key, nullable=False),
    sa.ForeignKeyConstraint(['word_id'], ['search_words.id'], name=op.f('fk_search_typos_word_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('checksum', 'word_id', name=op.f('pk_search_typos')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_search_typos_word_id'), 'search_typos', ['word_id'], unique=False)
    op.create_table('search_changes',
    sa.Column('id', types.Key, nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('key', types.Key, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_changes'))
    )
    for table, columns in WATCHED.items():
        triggers.watch(op.get_bind(), table, columns, log='search_changes')
    triggers.watch(op.get_bind(), 'entities', ('merged_into_id',), log='search_changes', is_new_noted=False)


def downgrade() -> None:
    for table in ('entities', *WATCHED):
        triggers.unwatch(op.get_bind(), table, log='search_changes')
    triggers.forget(op.get_bind(), log='search_changes')
    op.drop_table('search_changes')
    op.drop_table('search_typos')
    op.drop_table('search_postings')
    op.drop_table('search_words')
    op.drop_table('search_documents')
