"""outcomes of danger"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_outcomes"
down_revision = "2026_11_22_budgets"
branch_labels = None
depends_on = None

OUTCOMES = ("safe", "in_care", "reported", "not_reached", "no_danger")


def upgrade() -> None:
    kind = sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=24)
    op.add_column("case", sa.Column("outcome", kind, nullable=True))


def downgrade() -> None:
    op.drop_column("case", "outcome")
