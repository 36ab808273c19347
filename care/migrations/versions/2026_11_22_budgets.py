"""budgets"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_budgets"
down_revision = "2026_11_22_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("amount", sa.BigInteger(), server_default="1", nullable=False))


def downgrade() -> None:
    op.drop_column("attempt", "amount")
