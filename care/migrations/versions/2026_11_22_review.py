"""review of passages"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_review"
down_revision = "2026_11_22_homework"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_entry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "approve",
                "send_back",
                "retire",
                "comment",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_review_entry_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entry")),
    )
    op.create_index(op.f("ix_review_entry_revision_id"), "review_entry", ["revision_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_review_entry_revision_id"), table_name="review_entry")
    op.drop_table("review_entry")
