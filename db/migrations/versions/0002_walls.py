"""How cameras are joined, masked and recorded; walls, salvos and tours; bookmarks, snapshots and wall orders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _cameras()
    _saved_walls()
    _walls()
    for table in ("bookmark_event", "snapshot_event", "wall_event"):
        _facts(table)
    op.create_index("bookmark_event_subject", "bookmark_event", ["subject"])
    op.create_index("snapshot_event_subject", "snapshot_event", ["subject"])
    op.create_index("snapshot_event_at", "snapshot_event", ["at"])
    op.create_index("wall_event_subject", "wall_event", ["subject", "hlc"])
    op.create_index("wall_event_step", "wall_event", ["step", "subject", "hlc"])
    _bookmarks()


def _cameras() -> None:
    op.add_column("camera", sa.Column("transport", sa.Text(), nullable=False, server_default="tcp"))
    op.add_column("camera", sa.Column("basic_allowed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("camera", sa.Column("masks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("camera", sa.Column("recording", sa.Text(), nullable=False, server_default="events"))


def _saved_walls() -> None:
    """Let each operator have a wall of the same name; those that are there belong to all."""
    with op.batch_alter_table("wall") as wall:
        wall.alter_column("layout", new_column_name="views")
        wall.add_column(sa.Column("owner", sa.Text(), nullable=False, server_default=""))
        wall.drop_constraint("wall_name", type_="unique")
        wall.create_unique_constraint("wall_owner_name", ["owner", "name"])


def _walls() -> None:
    op.create_table(
        "salvo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=True),
        sa.Column("views", sa.JSON(), nullable=False),
        sa.Column("presets", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="salvo_name"),
        sa.UniqueConstraint("key", name="salvo_key"),
    )
    op.create_table(
        "camera_tour",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cameras", sa.JSON(), nullable=False),
        sa.Column("dwell_s", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="camera_tour_name"),
    )
    op.create_table(
        "last_view",
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("monitor", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("view", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operator", "monitor"),
    )


def _facts(table: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Uuid(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("caused_by", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("hlc", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("schema_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"{table}_hlc", table, ["hlc"])


def _bookmarks() -> None:
    op.create_table(
        "bookmark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("camera_no", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bookmark_at", "bookmark", ["at"])
    op.create_index("bookmark_camera_no", "bookmark", ["camera_no", "at"])
