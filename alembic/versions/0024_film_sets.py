"""Pictures of film sets outdate the films that publish them.

Revision: 0024
After: 0027
"""

from alembic import op

from domain.publish import outdating

revision = "0024"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    outdating.unwatch(op.get_bind())
    outdating.watch(op.get_bind())


def downgrade() -> None:
    """The triggers of now do no harm to what was before."""
