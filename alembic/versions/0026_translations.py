"""Texts in the languages that a library asks for; titles among them are found.

Revision: 0026
After: 0025
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

_NOTED = (('insert', 'NEW'), ('update', 'NEW'), ('delete', 'OLD'))


def upgrade() -> None:
    op.add_column('libraries', sa.Column('metadata_languages', types.Json, nullable=True))
    op.create_table('translations',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('language', sa.String(length=35), nullable=False),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('tagline', sa.String(), nullable=True),
    sa.Column('plot', sa.String(), nullable=True),
    sa.Column('provider', sa.String(), nullable=False),
    sa.CheckConstraint('coalesce(title, tagline, plot) IS NOT NULL', name=op.f('ck_translations_says_something')),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_translations_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_translations')),
    sa.UniqueConstraint('entity_id', 'language', name=op.f('uq_translations_entity_id_language'))
    )
    _watch()


def _watch() -> None:
    """The index of names reads the kind of an entity itself (`domain.search.keeping`)."""
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    if not is_sqlite:
        op.execute("CREATE FUNCTION translations_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                   " INSERT INTO search_changes (source, key) VALUES ('entities', coalesce(NEW.entity_id, OLD.entity_id)); RETURN NULL; END $$")
    for event, row in _NOTED:
        note = f"BEGIN INSERT INTO search_changes (source, key) VALUES ('entities', {row}.entity_id); END" if is_sqlite else 'EXECUTE FUNCTION translations_note()'  # noqa: S608 - ours
        op.execute(f'CREATE TRIGGER translations_{event} AFTER {event.upper()} ON translations FOR EACH ROW {note}')


def downgrade() -> None:
    op.drop_table('translations')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION translations_note()')
    op.drop_column('libraries', 'metadata_languages')
