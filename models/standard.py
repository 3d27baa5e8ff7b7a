"""Evaluation systems as versioned data: a system, its editions, and what each edition says.

An edition is a tree: item (项目) → content (内容) → standard (标准). A standard names the category of points where it
is looked at, so one kind of place may serve several systems. Beside the tree an edition has its modules with weights,
its years, its negative list, its gates, and the counties that compete within it. Source: domain 0 (seeds 003, 004), 1.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from models.columns import code_key, kind_of, reference
from models.columns import text as words
from models.scoring.rules import Effect


class EvaluationSystem(SQLModel, table=True):
    """One system of evaluation; several stand side by side.

    `position`: their order. The first with an edition in force is the city's own: what names no system is of it.
    """

    __tablename__ = "evaluation_system"
    code: str = code_key()
    name: str = words()
    name_en: str = words(default="")
    position: int = 0


class EvaluationVersion(SQLModel, table=True):
    """An edition of a system, in force from a day. `basis`: the document it rests on (文件依据).

    `look_back_months` of its negative list and `counties_share` (0 to 1: what the counties weigh in the city's score)
    are the city's (rules/scoring.toml) where they say nothing.
    """

    __tablename__ = "evaluation_version"
    code: str = code_key()
    system_code: str = reference("evaluation_system.code")
    name: str = words()
    name_en: str = words(default="")
    valid_from: date
    basis: str = words(default="")
    look_back_months: int | None = None
    counties_share: Decimal | None = None


class Category(SQLModel, table=True):
    """A kind of place that is inspected, such as 12 farmers' markets. Stable over editions."""

    code: str = code_key()
    system_code: str = reference("evaluation_system.code")
    name: str = words()
    name_en: str = words(default="")


class EvaluationModule(SQLModel, table=True):
    """A module (实地考察, 网上申报, 问卷调查) and its share of a year's score; all of an edition add up to 1."""

    __tablename__ = "evaluation_module"
    version_code: str = reference("evaluation_version.code", primary_key=True)
    code: str = code_key()
    name: str = words()
    name_en: str = words(default="")
    weight: Decimal


class EvaluationYear(SQLModel, table=True):
    """A year of the cycle, the first is 1, and its share of the cycle's score; all of an edition add up to 1."""

    __tablename__ = "evaluation_year"
    version_code: str = reference("evaluation_version.code", primary_key=True)
    year: int = Field(primary_key=True)
    weight: Decimal


class CategoryWeight(SQLModel, table=True):
    """What a category weighs against the others in the on-site score."""

    __tablename__ = "category_weight"
    version_code: str = reference("evaluation_version.code", primary_key=True)
    category_code: str = reference("category.code", primary_key=True)
    weight: Decimal


class EvaluationItem(SQLModel, table=True):
    """The upper level of the tree (测评项目)."""

    __tablename__ = "evaluation_item"
    version_code: str = reference("evaluation_version.code", primary_key=True)
    code: str = code_key()
    name: str = words()
    name_en: str = words(default="")


class EvaluationContent(SQLModel, table=True):
    """The middle level (测评内容). `module_code`: by which module it is measured; none: on site, at points."""

    __tablename__ = "evaluation_content"
    __table_args__ = (
        ForeignKeyConstraint(["version_code", "item_code"], ["evaluation_item.version_code", "evaluation_item.code"]),
        ForeignKeyConstraint(
            ["version_code", "module_code"], ["evaluation_module.version_code", "evaluation_module.code"]
        ),
    )
    version_code: str = reference("evaluation_version.code", primary_key=True)
    code: str = code_key()
    item_code: str = words()
    name: str = words()
    name_en: str = words(default="")
    module_code: str | None = words(default=None, nullable=True)


class NegativeListEntry(SQLModel, table=True):
    """An entry of an edition's negative list: a veto, or `points` for each case, `most` of them at most."""

    __tablename__ = "negative_list_entry"
    version_code: str = reference("evaluation_version.code", primary_key=True)
    code: str = code_key()
    text: str = words()
    text_en: str = words(default="")
    effect: Effect = kind_of(Effect)
    points: Decimal = Decimal(0)
    most: Decimal | None = None


class EvaluationGate(SQLModel, table=True):
    """A precondition (前置条件): what `module` names, such as the minors' score, must reach `least` points of 100."""

    __tablename__ = "evaluation_gate"
    version_code: str = reference("evaluation_version.code", primary_key=True)
    code: str = code_key()
    name: str = words()
    name_en: str = words(default="")
    module: str = words()
    least: Decimal


class CoCreation(SQLModel, table=True):
    """A county that runs this edition as a project of its own (两级联创), and the title that it competes for."""

    __tablename__ = "co_creation"
    version_code: str = reference("evaluation_version.code", primary_key=True)
    area_code: str = reference("area.code", primary_key=True)
    goal: str = words(default="")
    goal_en: str = words(default="")


class Standard(SQLModel, table=True):
    """One thing to be met at points of a category, such as `12-03`. `content_code`: where in the tree it stands."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["version_code", "content_code"], ["evaluation_content.version_code", "evaluation_content.code"]
        ),
    )
    version_code: str = reference("evaluation_version.code", primary_key=True)
    code: str = code_key()
    category_code: str = reference("category.code", index=True)
    content_code: str | None = words(default=None, nullable=True)
    text: str = words()
    text_en: str = words(default="")
    deduction: Decimal = Decimal(0)
    kind: str = words(default="")
    check_method: str = words(default="")
    severity: str = words()
    lead: str = words()
    evidence: str = words(default="photo")
    negative_list: bool = False
