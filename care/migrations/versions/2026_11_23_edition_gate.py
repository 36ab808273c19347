"""edition gate"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_edition_gate"
down_revision = "2026_11_23_duty_roster"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("checked", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")))
    op.alter_column("edition", "checked", server_default=None)


def downgrade() -> None:
    op.drop_column("edition", "checked")
