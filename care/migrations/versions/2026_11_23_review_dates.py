"""review dates"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_review_dates"
down_revision = "2026_11_22_call_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("review_entry", sa.Column("expert", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("revision", sa.Column("review_by", sa.Date(), nullable=True))
    none = sa.text("'[]'::jsonb")
    op.add_column("revision", sa.Column("warnings", postgresql.JSONB(), nullable=False, server_default=none))
    op.create_index(op.f("ix_revision_review_by"), "revision", ["review_by"], unique=False)
    op.alter_column("review_entry", "expert", server_default=None)
    op.alter_column("revision", "warnings", server_default=None)
    # What was reviewed before there were days gets the shorter time, whatever it is about: too early costs a look, too late an error.
    op.execute(
        "update revision set review_by = ((created_at at time zone 'Asia/Shanghai') + interval '1 year')::date"
        " where state = 'approved' and reviewed"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_revision_review_by"), table_name="revision")
    op.drop_column("revision", "warnings")
    op.drop_column("revision", "review_by")
    op.drop_column("review_entry", "expert")
