"""A small city for tests: one branch of the tree down to a grid, its posts, two kinds of points, the real rules.

The cast, one line each:
    R00001  city office: assigns and decides requests (also duty over the whole tree)
    R00002  city inspector: finds
    R00003  city verifier: independent of every unit
    R00004  duty officer
    R00005  administrator
    R00006  handler, R00007 direct leader, R00008 deputy leader, R00009 principal leader of D-CGJ
    R00010  office of the district, R00011 its verifier, R00012 its deputy leader, R00013 its principal leader
    R00014  street chief, and R00015 handler, R00016 deputy leader of the street's unit
    R00017  area chief of the community and handler of its unit, R00018 grid chief
    R00019  sponsor leader of P-0001
    R00020  city headquarters, R00021 performance office
    R00022  verifier of the street
    R00023  handler of D-SCJGJ (markets), R00024 its direct leader
    R00030  office of the *other* district, R00031 handler of its unit: outsiders here
    R00099  holds nothing
Vacant on purpose: 510302001002001:building_chief, D-SCJGJ:deputy_leader.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel

from models.area import Area
from models.calendar_sources import seed_days
from models.city import City
from models.point import Point, Task
from models.rule import CalendarDayRow, CalendarVersion, RuleSet
from models.scoring.parsing import version_of
from models.standard import Category, EvaluationSystem, EvaluationVersion, Standard
from models.unit import ChannelClass, Contact, OwnerKind, Person, Post, PostKind, Tenure, Unit, UnitKind
from services import bulk
from services.scores import formula

RULES = Path(__file__).resolve().parent.parent / "cities" / "zigong" / "rules"
MADE_AT = datetime(2025, 12, 1, tzinfo=UTC)
VERSION = "CC-2026"
PARTS = ("severities", "ladder", "closeout", "policy")
SPANS = [["09:00", "12:00"], ["13:00", "17:00"]]

AREAS = (
    # code, name, level, parent
    ("5103", "自贡市", 1, None),
    ("510302", "自流井区", 2, "5103"),
    ("510303", "贡井区", 2, "5103"),
    ("510302001", "五星街街道", 3, "510302"),
    ("510303001", "筱溪街道", 3, "510303"),
    ("510302001002", "高山井社区", 4, "510302001"),
    ("510303001001", "长征社区", 4, "510303001"),
    ("510302001002001", "第一网格", 5, "510302001002"),
)
UNITS = (
    # code, name, area
    ("D-CGJ", "自贡市城市管理局", "5103"),
    ("D-SCJGJ", "自贡市市场监督管理局", "5103"),
    ("T510302", "自流井区人民政府", "510302"),
    ("T510303", "贡井区人民政府", "510303"),
    ("T510302001", "五星街街道办事处", "510302001"),
    ("T510303001", "筱溪街道办事处", "510303001"),
    ("T510302001002", "高山井社区居民委员会", "510302001002"),
)
HOLDERS = (
    # owner, kind, title, who (None: vacant)
    ("5103", "office", "市创建办", "R00001"),
    ("5103", "inspector", "市督查员", "R00002"),
    ("5103", "verifier", "市复核员", "R00003"),
    ("5103", "duty_officer", "市值班员", "R00004"),
    ("5103", "administrator", "系统管理员", "R00005"),
    ("5103", "headquarters", "市创建指挥部", "R00020"),
    ("5103", "performance_office", "市委目标绩效办", "R00021"),
    ("D-CGJ", "handler", "城管局承办人", "R00006"),
    ("D-CGJ", "direct_leader", "城管局直接领导", "R00007"),
    ("D-CGJ", "deputy_leader", "城管局分管领导", "R00008"),
    ("D-CGJ", "principal_leader", "城管局主要领导", "R00009"),
    ("D-SCJGJ", "handler", "市场监管局承办人", "R00023"),
    ("D-SCJGJ", "direct_leader", "市场监管局直接领导", "R00024"),
    ("D-SCJGJ", "deputy_leader", "市场监管局分管领导", None),
    ("510302", "office", "自流井区创建办", "R00010"),
    ("510302", "verifier", "自流井区复核员", "R00011"),
    ("T510302", "deputy_leader", "自流井区分管领导", "R00012"),
    ("T510302", "principal_leader", "自流井区主要领导", "R00013"),
    ("510302001", "street_chief", "五星街街长", "R00014"),
    ("510302001", "verifier", "五星街街道复核员", "R00022"),
    ("T510302001", "handler", "五星街街道承办人", "R00015"),
    ("T510302001", "deputy_leader", "五星街街道分管领导", "R00016"),
    ("510302001002", "area_chief", "高山井社区片区长", "R00017"),
    ("T510302001002", "handler", "高山井社区承办人", "R00017"),
    ("510302001002001", "grid_chief", "第一网格网格长", "R00018"),
    ("510302001002001", "building_chief", "第一网格楼栋长", None),
    ("P-0001", "sponsor_leader", "包点领导", "R00019"),
    ("510303", "office", "贡井区创建办", "R00030"),
    ("T510303001", "handler", "筱溪街道承办人", "R00031"),
)
NAMES = {
    "R00001": "曹慕舟",
    "R00002": "丁怀琪",
    "R00003": "冯知远",
    "R00004": "高以宁",
    "R00005": "韩书白",
    "R00006": "何景行",
    "R00007": "胡思齐",
    "R00008": "黄若谷",
    "R00009": "贾清和",
    "R00010": "江望舒",
    "R00011": "孔令仪",
    "R00012": "李牧之",
    "R00013": "林修远",
    "R00014": "刘既明",
    "R00015": "陆南乔",
    "R00016": "罗承安",
    "R00017": "孟云起",
    "R00018": "潘子衿",
    "R00019": "钱怀瑾",
    "R00020": "秦时雨",
    "R00021": "宋知微",
    "R00022": "苏景明",
    "R00023": "唐以沫",
    "R00024": "田守拙",
    "R00030": "万思源",
    "R00031": "王若水",
    "R00099": "吴闲云",
}
ENGLISH_READERS = frozenset({"R00024"})
CATEGORIES = (("01", "主次干道", "Main and secondary roads"), ("12", "农贸市场", "Farmers' markets"))
STANDARDS = (
    # code, text, severity, deduction, lead, evidence
    ("01-01", "200米内≥1处公益广告", "S3", "0.5", "D-CGJ", "photo"),
    ("01-02", "无占道经营、乱停", "S2", "0.5", "D-CGJ", "photo"),
    ("12-01", "公平秤与投诉点", "S3", "0.5", "D-SCJGJ", "photo"),
    ("12-02", "证照健康证齐全", "S4", "1", "L3.unit", "none"),
)
POINTS = (
    # code, name, category, area, lead unit, lat, lng
    ("P-0001", "高山井社区大道", "01", "510302001002001", "D-CGJ", 29.35137, 104.78583),
    ("P-0002", "五星街农贸市场", "12", "510302001002", "D-SCJGJ", 29.34799, 104.78259),
    ("P-0003", "长征大道", "01", "510303001001", "T510303001", 29.34012, 104.71544),
)


def a_city(session: Session) -> None:
    """Put the small city into an empty database of the test bed, where it lies ready, and commit."""
    session.connection().exec_driver_sql("SELECT bed.plant()")
    session.commit()


def write_city(session: Session) -> None:
    """Put the small city into an empty database, row by row, and commit."""
    _put(session, _checklist())
    _put(session, _tree())
    _put(session, _people())
    _put(session, _points())
    formula.keep(session, scoring_content(), now=MADE_AT)
    _put(session, _rules_and_calendar())
    session.commit()


@cache
def rule_content() -> dict[str, Any]:
    """The rules of the example city, as a rule set keeps them."""
    return {name: tomllib.loads((RULES / f"{name}.toml").read_text("utf-8")) for name in sorted(PARTS)}


@cache
def scoring_content() -> dict[str, Any]:
    """The rules of scoring of the example city."""
    return tomllib.loads((RULES / "scoring.toml").read_text("utf-8"))


def rule_code() -> str:
    """The hash of the rules: their code."""
    written = json.dumps(rule_content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _put(session: Session, rows: Iterable[SQLModel]) -> None:
    for kind, group in groupby(rows, key=type):
        bulk.insert(session, kind, [_columns(row) for row in group])


def _columns(row: SQLModel) -> dict[str, Any]:
    """Every column of a row, but not a key that the database gives."""
    return {name: getattr(row, name) for name in type(row).model_fields if name != "id"}


def _checklist() -> Iterable[SQLModel]:
    yield EvaluationSystem(code="civilised_city", name="全国文明城市测评体系", name_en="National Civilised City")
    yield EvaluationVersion(code=VERSION, system_code="civilised_city", name="2026年", valid_from=date(2026, 1, 1))
    for code, name, english in CATEGORIES:
        yield Category(code=code, system_code="civilised_city", name=name, name_en=english)
    for code, text, severity, deduction, lead, evidence in STANDARDS:
        yield Standard(
            version_code=VERSION,
            code=code,
            category_code=code[:2],
            text=text,
            text_en=f"Standard {code}",
            deduction=Decimal(deduction),
            severity=severity,
            lead=lead,
            evidence=evidence,
        )


def _tree() -> Iterable[SQLModel]:
    paths: dict[str | None, str] = {None: ""}
    for code, name, level, parent in AREAS:
        paths[code] = f"{paths[parent]}/{code}".lstrip("/")
        yield Area(code=code, name=name, level=level, parent_code=parent, path=paths[code], local=level == 5)
    for code, name, area in UNITS:
        kind = UnitKind.TERRITORIAL if code.startswith("T") else UnitKind.DEPARTMENTAL
        yield Unit(code=code, name=name, kind=kind, area_code=area, ranking_group="departments_key")


def _people() -> Sequence[SQLModel]:
    people: list[SQLModel] = [
        Person(code=code, name=name, lang="en" if code in ENGLISH_READERS else "zh-CN", sample=True)
        for code, name in NAMES.items()
    ]
    posts = [
        Post(code=f"{owner}:{kind}", kind=PostKind(kind), owner_kind=_owner_kind(owner), owner_code=owner, title=title)
        for owner, kind, title, _ in HOLDERS
    ]
    tenures = [
        Tenure(post_code=f"{owner}:{kind}", person_code=who, valid_from=date(2024, 1, 1))
        for owner, kind, _, who in HOLDERS
        if who
    ]
    contacts = [
        Contact(
            person_code=code,
            channel=ChannelClass.MAIL,
            address=f"{code.lower()}@example.invalid",
            verified_at=MADE_AT,
            sample=True,
        )
        for code in NAMES
    ]
    return [*people, *posts, *tenures, *contacts]


def _owner_kind(owner: str) -> OwnerKind:
    return {"P": OwnerKind.POINT, "D": OwnerKind.UNIT, "T": OwnerKind.UNIT}.get(owner[0], OwnerKind.AREA)


def _points() -> Sequence[SQLModel]:
    points: list[SQLModel] = [
        Point(
            code=code, name=name, category_code=category, area_code=area, lead_unit=unit, lat=lat, lng=lng, sample=True
        )
        for code, name, category, area, unit, lat, lng in POINTS
    ]
    tasks = [
        Task(year=2026, category_code=category, point_code=code, unit_code=unit, campaign="环境卫生")
        for code, _, category, _, unit, _, _ in POINTS
    ]
    return [*points, *tasks]


@cache
def _days() -> tuple[CalendarDayRow, ...]:
    days = seed_days(range(2025, 2029))
    return tuple(
        CalendarDayRow(
            version=1, date=day.date, kind=day.kind, name=day.name, source=day.source, published=day.published
        )
        for day in days
    )


def _rules_and_calendar() -> Sequence[SQLModel]:
    return [
        RuleSet(code=rule_code(), content=rule_content(), created_at=MADE_AT),
        CalendarVersion(version=1, created_at=MADE_AT, source="tests", spans=SPANS),
        *_days(),
        City(
            code="5103",
            name="自贡市",
            name_en="Zigong",
            number_prefix="ZG",
            demo=True,
            rule_set_code=rule_code(),
            calendar_version=1,
            scoring_code=version_of(scoring_content()),
        ),
    ]
