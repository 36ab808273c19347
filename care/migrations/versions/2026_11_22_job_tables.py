"""The job engine's own tables and functions."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "2026_11_22_job_tables"
down_revision = "2026_11_22_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # through the driver: the text holds percent signs that SQLAlchemy would read as parameters
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("migrations run on a live connection")
    driver.execute(SchemaManager.get_schema())
