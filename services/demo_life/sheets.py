"""Inspectors fill their sheets: most standards are met, some are not, here and there one does not apply."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zlib import crc32

from sqlmodel import Session, col, select

from models.audit import Result, Round, Sheet
from models.point import Point
from models.scoring.rules import MeasureKind
from models.standard import Standard
from services import evidence
from services.audit_facts import NO_FACTS, Facts
from services.audit_results import Seen, record
from services.audits import asked_of
from services.cities.sample_photo import sample_photo
from services.demo_life.stage import Stage
from services.scores import formula

NOTES: Mapping[str, Sequence[str]] = {
    "conduct": ("不文明行为无人劝导", "吸烟、乱扔现象2起", "志愿服务岗无人值守"),
    "environment": ("地面有散落垃圾，未及时清扫", "绿化带内有白色垃圾", "墙面小广告未清除"),
    "infrastructure": ("设施破损未修复", "无障碍通道被占用", "照明灯不亮"),
    "order": ("非机动车停放无序", "占道经营，影响通行", "排队秩序无人引导"),
    "publicity": ("公益广告缺失", "公益广告破损、褪色", "宣传内容过期未更换"),
    "records": ("台账不全，缺近期记录", "制度未上墙", "记录不规范，无签字"),
    "safety": ("消防通道堆放杂物", "灭火器过期", "安全警示标识缺失"),
    "service": ("便民设施不能使用", "窗口无人值守，未设提示", "投诉电话未公示"),
}
NOT_HERE = "现场无此项设施"
A_SHEET = timedelta(minutes=12)
OtherLook = Callable[[str, str], bool]


def faulty(point: str, standard: str, *, of: int) -> bool:
    """Whether this standard is not met at this point; one of so many. The same point always shows the same."""
    return crc32(f"{point}/{standard}".encode()) % of == 0


def fill(
    stage: Stage, round_: Round, *, begin: datetime, of: int, most: int | None = None, again: bool = False
) -> None:
    """Each inspector fills the sheets that are open, one after another. `of`: one standard of so many is not met.

    `most`: then the day is over; `again`: these are second looks, and the first fault is not seen again.
    """
    query = select(Sheet).where(Sheet.round_id == round_.id, col(Sheet.filled_at).is_(None))
    turns: dict[str, int] = {}
    spared = not again
    for sheet in stage.session.exec(query.order_by(col(Sheet.position), col(Sheet.id)).limit(most)).all():
        turns[sheet.inspector] = turns.get(sheet.inspector, 0) + 1
        at = min(begin + A_SHEET * turns[sheet.inspector], stage.now)
        seen = _seen(stage, round_, sheet, of=of, spare=not spared)
        spared = spared or any(one.note == SPARED for one in seen)
        record(stage.session, sheet_id=sheet.id or 0, by=stage.act(sheet.inspector, at), now=at, observations=seen)


SPARED = "复核时未发现，现场已符合"


def _seen(stage: Stage, round_: Round, sheet: Sheet, *, of: int, spare: bool) -> list[Seen]:
    point = stage.session.get_one(Point, sheet.point_code)
    seen = [_one(stage, standard, point.code, of=of) for standard in asked_of(stage.session, round_, point)]
    first = next((n for n, one in enumerate(seen) if one.result is Result.NOT_MET), None)
    if spare and first is not None:
        standard = seen[first].standard
        seen[first] = Seen(standard, Result.MET, SPARED, facts=_facts(stage.session, standard, met=True))
    return seen


def _one(stage: Stage, standard: Standard, point: str, *, of: int) -> Seen:
    number = crc32(f"{standard.code}@{point}".encode())
    if number % 23 == 0:
        return Seen(standard.code, Result.NOT_APPLICABLE, NOT_HERE)
    met = not faulty(point, standard.code, of=of)
    facts = _facts(stage.session, standard.code, met=met)
    if met:
        return Seen(standard.code, Result.MET, facts=facts)
    notes = NOTES.get(standard.kind, NOTES["service"])
    photo = evidence.store(stage.press.place, sample_photo(f"{point} {standard.code}"))
    return Seen(standard.code, Result.NOT_MET, notes[number % len(notes)], photo=photo, facts=facts)


def _facts(session: Session, standard: str, *, met: bool) -> Facts:
    """What is counted where the rules of scoring count."""
    kind = formula.in_force(session).on_site.measure(standard).kind
    if kind is MeasureKind.SHARE:
        return Facts(found=10 if met else 7, required=10)
    if kind is MeasureKind.PER_FAULT:
        return Facts(faults=0 if met else 1)
    if kind is MeasureKind.TIMED:
        return Facts(faults=0 if met else 2, minutes=Decimal(10))
    return NO_FACTS
