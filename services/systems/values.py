"""An edition of an evaluation system as it is read: a tree, and what stands beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.scoring.rules import Effect

ON_SITE = "on_site"
"""The module of a content that names none: it is looked at on site, at points."""


@dataclass(frozen=True)
class StandardLeaf:
    """A standard with the name of its category. `deduction` in points."""

    code: str
    category: str
    category_name: str
    category_name_en: str
    text: str
    text_en: str
    deduction: Decimal
    kind: str
    check_method: str
    severity: str
    lead: str
    evidence: str
    negative_list: bool


@dataclass(frozen=True)
class ContentNode:
    """A content with its standards, by code. `module`: by which it is measured, as the edition says it."""

    code: str
    name: str
    name_en: str
    module: str | None
    standards: Sequence[StandardLeaf]

    @property
    def measured_by(self) -> str:
        """The module's code, also where nothing is said."""
        return self.module or ON_SITE


@dataclass(frozen=True)
class ItemNode:
    """An item with its contents, by code."""

    code: str
    name: str
    name_en: str
    contents: Sequence[ContentNode]

    @property
    def standards(self) -> int:
        """How many standards stand below it."""
        return sum(len(content.standards) for content in self.contents)


@dataclass(frozen=True)
class Module:
    """A module and its share of a year, 0 to 1."""

    code: str
    name: str
    name_en: str
    weight: Decimal


@dataclass(frozen=True)
class CategoryShare:
    """What a category weighs against the others on site."""

    category: str
    name: str
    name_en: str
    weight: Decimal


@dataclass(frozen=True)
class Entry:
    """An entry of the negative list: a veto, or points for each case, `most` of them at most."""

    code: str
    text: str
    text_en: str
    effect: Effect
    points: Decimal
    most: Decimal | None


@dataclass(frozen=True)
class Gate:
    """A precondition: what `module` names must reach `least` points of 100."""

    code: str
    name: str
    name_en: str
    module: str
    least: Decimal


@dataclass(frozen=True)
class County:
    """A county that runs the edition as a project of its own, and the title it competes for."""

    area: str
    name: str
    goal: str
    goal_en: str


@dataclass(frozen=True)
class SystemVersion:
    """One edition. What is empty or None it does not state: there the city's rules of scoring hold.

    `loose`: standards that stand in no content. `years`: the weights of the cycle, first year first.
    `counties_share`: 0 to 1, what the counties weigh in the city's score.
    """

    code: str
    name: str
    name_en: str
    system: str
    system_name: str
    system_name_en: str
    valid_from: date
    basis: str
    tree: Sequence[ItemNode]
    loose: Sequence[StandardLeaf]
    modules: Sequence[Module]
    years: Sequence[Decimal]
    weights: Sequence[CategoryShare]
    look_back_months: int | None
    negative: Sequence[Entry]
    preconditions: Sequence[Gate]
    counties_share: Decimal | None
    counties: Sequence[County]

    def standards(self) -> Iterator[StandardLeaf]:
        """All of them: those of the tree in its order, then the loose ones."""
        for item in self.tree:
            for content in item.contents:
                yield from content.standards
        yield from self.loose

    def module(self, code: str) -> Module | None:
        """The module with this code."""
        return next((one for one in self.modules if one.code == code), None)
