"""Evaluation systems as versioned data: system, version, category of point, standard."""

from datetime import date
from decimal import Decimal

from sqlmodel import SQLModel

from models.columns import code_key, reference
from models.columns import text as words


class EvaluationSystem(SQLModel, table=True):
    """One system of evaluation; several stand side by side."""

    __tablename__ = "evaluation_system"
    code: str = code_key()
    name: str = words()
    name_en: str = words(default="")


class EvaluationVersion(SQLModel, table=True):
    """An edition of a system, in force from a day."""

    __tablename__ = "evaluation_version"
    code: str = code_key()
    system_code: str = reference("evaluation_system.code")
    name: str = words()
    valid_from: date


class Category(SQLModel, table=True):
    """A kind of place that is inspected, such as 12 farmers' markets. Stable over editions."""

    code: str = code_key()
    system_code: str = reference("evaluation_system.code")
    name: str = words()
    name_en: str = words(default="")


class Standard(SQLModel, table=True):
    """One thing to be met at points of a category, such as `12-03`."""

    version_code: str = reference("evaluation_version.code", primary_key=True)
    code: str = code_key()
    category_code: str = reference("category.code", index=True)
    text: str = words()
    text_en: str = words(default="")
    deduction: Decimal = Decimal(0)
    kind: str = words(default="")
    check_method: str = words(default="")
    severity: str = words()
    lead: str = words()
    evidence: str = words(default="photo")
    negative_list: bool = False
