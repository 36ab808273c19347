"""numbers to be called on in danger"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_call_numbers"
down_revision = "2026_11_22_rungs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_number",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.String(length=400), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id"),
    )


def downgrade() -> None:
    op.drop_table("call_number")
