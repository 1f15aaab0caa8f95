"""${message.rstrip('.')}.

Revision: ${up_revision}
After: ${down_revision or 'nothing'}
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types
${imports if imports else ""}
# fmt: off
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
