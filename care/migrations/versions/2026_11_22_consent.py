"""consent and forgetting"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_consent"
down_revision = "2026_11_22_job_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("digests", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten")),
        sa.UniqueConstraint("number", name=op.f("uq_forgotten_number")),
    )
    op.create_index(op.f("ix_forgotten_at"), "forgotten", ["at"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("caregiver_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "answering",
                "photos",
                "improving",
                "research",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f("fk_consent_caregiver_id_caregiver")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_caregiver_purpose", "consent", ["caregiver_id", "purpose"], unique=False)
    op.create_table(
        "share_code",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("caregiver_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f("fk_share_code_caregiver_id_caregiver")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_share_code_child_id_child")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_share_code_digest")),
    )
    op.create_index(op.f("ix_share_code_caregiver_id"), "share_code", ["caregiver_id"], unique=False)
    op.create_index(op.f("ix_share_code_child_id"), "share_code", ["child_id"], unique=False)
    op.add_column("caregiver", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_message_cleared",
        "message",
        ["channel", "id"],
        unique=False,
        postgresql_where=sa.text("cleared_at IS NOT NULL AND removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_message_cleared", table_name="message")
    op.drop_column("message", "removed_at")
    op.drop_column("message", "cleared_at")
    op.drop_column("caregiver", "forgotten_at")
    op.drop_index(op.f("ix_share_code_child_id"), table_name="share_code")
    op.drop_index(op.f("ix_share_code_caregiver_id"), table_name="share_code")
    op.drop_table("share_code")
    op.drop_index("ix_consent_caregiver_purpose", table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_forgotten_at"), table_name="forgotten")
    op.drop_table("forgotten")
