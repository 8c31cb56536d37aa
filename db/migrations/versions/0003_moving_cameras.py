"""What is known of moving cameras: how they are reached, their places and tours, where they hang."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("camera", sa.Column("head", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("camera", sa.Column("height_m", sa.Double(), nullable=True))
    op.create_table(
        "camera_acquaintance",
        sa.Column("camera", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera"),
    )
    op.create_table(
        "camera_place",
        sa.Column("camera", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("position", sa.JSON(), nullable=True),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "no"),
    )
    op.create_table(
        "guard_tour",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("camera", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("spots", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("camera", "name", name="guard_tour_name"),
    )
    op.create_table(
        "camera_aim",
        sa.Column("camera", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("aim", sa.JSON(), nullable=False),
        sa.Column("landmarks", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera"),
    )
