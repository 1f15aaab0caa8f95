"""Ids of users, tokens, sessions, jobs, uploads and registered documents are never given twice.

Revision: 0011
After: 0010
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

# fmt: off
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

TABLES = ('users', 'api_tokens', 'sessions', 'jobs', 'persisted_documents', 'uploads')


def upgrade() -> None:
    """SQLite gives the highest id again once its row is deleted, unless the table says AUTOINCREMENT; sequences never do."""
    connection = op.get_bind()
    if connection.dialect.name == 'sqlite':
        for table in TABLES:
            _rebuild(connection, table)


def _rebuild(connection: Any, table: str) -> None:
    """Foreign keys are off (`connection_for_migrations`): dropping the old table empties no other."""
    parts = sa.text("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    found = {name: (kind, sql) for kind, name, sql in connection.execute(parts, {'table': table})}
    made = found.pop(table)[1].replace(f'CREATE TABLE {table} ', f'CREATE TABLE {table}_anew ', 1)
    made = made.replace('\tid INTEGER NOT NULL, ', '\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, ', 1)
    made = made.replace(f'\tCONSTRAINT pk_{table} PRIMARY KEY (id), \n', '', 1)
    connection.exec_driver_sql(made)
    connection.exec_driver_sql(f'INSERT INTO {table}_anew SELECT * FROM {table}')  # noqa: S608 - names from above
    connection.exec_driver_sql(f'DROP TABLE {table}')
    connection.exec_driver_sql(f'ALTER TABLE {table}_anew RENAME TO {table}')
    for _, sql in found.values():
        connection.exec_driver_sql(sql)


def downgrade() -> None:
    """Tables that never give an id twice are good for the older code, too."""
