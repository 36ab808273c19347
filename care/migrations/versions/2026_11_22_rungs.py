"""how far up a page has climbed"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_rungs"
down_revision = "2026_11_22_outcomes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("duty_page", sa.Column("rung", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("duty_page", "rung")
