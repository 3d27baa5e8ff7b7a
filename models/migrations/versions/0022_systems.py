"""Evaluation systems: trees of items and contents, modules, years, negative lists, gates, co-creation by edition."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = (
    "co_creation",
    "evaluation_gate",
    "negative_list_entry",
    "evaluation_content",
    "evaluation_item",
    "category_weight",
    "evaluation_year",
    "evaluation_module",
)


def upgrade() -> None:
    op.add_column("evaluation_system", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("evaluation_version", sa.Column("name_en", sa.Text(), nullable=False, server_default=""))
    op.add_column("evaluation_version", sa.Column("basis", sa.Text(), nullable=False, server_default=""))
    op.add_column("evaluation_version", sa.Column("look_back_months", sa.Integer(), nullable=True))
    op.add_column("evaluation_version", sa.Column("counties_share", sa.Numeric(), nullable=True))
    for table, column in (
        ("evaluation_system", "position"),
        *(("evaluation_version", one) for one in ("name_en", "basis")),
    ):
        op.alter_column(table, column, server_default=None)
    _weights()
    _tree()
    _rest()
    op.add_column("standard", sa.Column("content_code", sa.Text(), nullable=True))
    op.create_foreign_key(
        None, "standard", "evaluation_content", ["version_code", "content_code"], ["version_code", "code"]
    )


def _of_version(table: str, key: sa.Column, *columns: sa.schema.SchemaItem) -> None:
    version = sa.Column("version_code", sa.Text(), sa.ForeignKey("evaluation_version.code"), primary_key=True)
    op.create_table(table, version, key, *columns)


def _code() -> sa.Column:
    return sa.Column("code", sa.Text(), primary_key=True)


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Numeric(), nullable=nullable)


def _weights() -> None:
    category = sa.Column("category_code", sa.Text(), sa.ForeignKey("category.code"), primary_key=True)
    year = sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False)
    _of_version("evaluation_module", _code(), *_text("name", "name_en"), _number("weight"))
    _of_version("evaluation_year", year, _number("weight"))
    _of_version("category_weight", category, _number("weight"))


def _tree() -> None:
    _of_version("evaluation_item", _code(), *_text("name", "name_en"))
    _of_version(
        "evaluation_content",
        _code(),
        *_text("item_code", "name", "name_en"),
        sa.Column("module_code", sa.Text(), nullable=True),
        *(
            sa.ForeignKeyConstraint(["version_code", column], [f"{table}.version_code", f"{table}.code"])
            for column, table in (("item_code", "evaluation_item"), ("module_code", "evaluation_module"))
        ),
    )


def _rest() -> None:
    _of_version(
        "negative_list_entry",
        _code(),
        *_text("text", "text_en"),
        sa.Column("effect", sa.String(32), nullable=False),
        _number("points"),
        _number("most", nullable=True),
    )
    _of_version("evaluation_gate", _code(), *_text("name", "name_en", "module"), _number("least"))
    area = sa.Column("area_code", sa.Text(), sa.ForeignKey("area.code"), primary_key=True)
    _of_version("co_creation", area, *_text("goal", "goal_en"))


def downgrade() -> None:
    op.drop_column("standard", "content_code")
    for table in TABLES:
        op.drop_table(table)
    for column in ("counties_share", "look_back_months", "basis", "name_en"):
        op.drop_column("evaluation_version", column)
    op.drop_column("evaluation_system", "position")
