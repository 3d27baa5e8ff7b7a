"""The rows of a city pack's files, as values. One class per file; `row` is the line of the file, for messages:
where a row stands does not make it another.

A field without a default must be filled in; an empty cell gives the default. The reading follows these types.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.calendar import DayKind, Span
from models.issue import FoundLevel, Source
from models.scoring.rules import Effect
from models.unit import ChannelClass, OwnerKind, PostKind, UnitKind


@dataclass(frozen=True, slots=True)
class CityFacts:
    """city.toml. `order_number` is the form of document numbers, with {year} and {n}."""

    code: str
    name: str
    timezone: str
    number_prefix: str
    spans: tuple[Span, ...]
    name_en: str = ""
    default_lang: str = "zh-CN"
    demo: bool = False
    order_number: str = "督〔{year}〕{n}号"


@dataclass(frozen=True, slots=True)
class AreaRow:
    row: int = field(compare=False)
    code: str
    name: str
    level: int
    parent_code: str | None = None
    managed_by: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    local: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True)
class UnitRow:
    row: int = field(compare=False)
    code: str
    name: str
    kind: UnitKind
    area_code: str
    ranking_group: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    row: int = field(compare=False)
    code: str
    name: str
    lang: str = "zh-CN"
    sample: bool = False


@dataclass(frozen=True, slots=True)
class PostRow:
    row: int = field(compare=False)
    code: str
    kind: PostKind
    owner_kind: OwnerKind
    owner_code: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TenureRow:
    row: int = field(compare=False)
    post_code: str
    person_code: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the post is held on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DeputyRow:
    row: int = field(compare=False)
    person_code: str
    deputy_code: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class ContactRow:
    row: int = field(compare=False)
    person_code: str
    channel: ChannelClass
    address: str
    position: int = 1
    verified: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True)
class SystemRow:
    row: int = field(compare=False)
    code: str
    name: str
    name_en: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    row: int = field(compare=False)
    code: str
    system_code: str
    name: str
    name_en: str = ""
    valid_from: date
    basis: str = ""
    look_back_months: int | None = None
    counties_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CategoryRow:
    row: int = field(compare=False)
    code: str
    system_code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleRow:
    row: int = field(compare=False)
    version_code: str
    code: str
    name: str
    name_en: str = ""
    weight: Decimal


@dataclass(frozen=True, slots=True)
class YearRow:
    row: int = field(compare=False)
    version_code: str
    year: int
    weight: Decimal


@dataclass(frozen=True, slots=True)
class WeightRow:
    row: int = field(compare=False)
    version_code: str
    category_code: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class ItemRow:
    row: int = field(compare=False)
    version_code: str
    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class ContentRow:
    row: int = field(compare=False)
    version_code: str
    code: str
    item_code: str
    name: str
    name_en: str = ""
    module_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeRow:
    row: int = field(compare=False)
    version_code: str
    code: str
    text: str
    text_en: str = ""
    effect: Effect
    points: Decimal = Decimal(0)
    most: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    row: int = field(compare=False)
    version_code: str
    code: str
    name: str
    name_en: str = ""
    module: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class CoCreationRow:
    row: int = field(compare=False)
    version_code: str
    area_code: str
    goal: str = ""
    goal_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardRow:
    """`lead` may be empty in the file, so that the lint can say more than the reading."""

    row: int = field(compare=False)
    version_code: str
    code: str
    category_code: str
    content_code: str | None = None
    text: str
    text_en: str = ""
    deduction: Decimal = Decimal(0)
    kind: str = ""
    check_method: str = ""
    severity: str
    lead: str = ""
    evidence: str = "photo"
    negative_list: bool = False


@dataclass(frozen=True, slots=True)
class PointRow:
    """`lead_unit` may be empty in the file, so that the lint can say more than the reading."""

    row: int = field(compare=False)
    code: str
    name: str
    category_code: str
    area_code: str
    lead_unit: str = ""
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    row: int = field(compare=False)
    year: int
    category_code: str
    point_code: str | None = None
    unit_code: str
    person_code: str | None = None
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    row: int = field(compare=False)
    date: date
    kind: DayKind
    name: str = ""
    source: str = ""
    published: bool = False


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One thing that happened, `days` after the finding."""

    action: str
    argument: str
    days: float


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A sample issue: found `days_ago`, and what happened then."""

    row: int = field(compare=False)
    key: str
    point_code: str
    standard_code: str
    description: str
    source: Source
    found_level: FoundLevel
    severity: str
    days_ago: float
    story: tuple[StoryStep, ...] = ()
    sample: bool = False
