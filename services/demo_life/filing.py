"""The list of material of the online filing: some accepted, some under review, returned, awaited, late.

What is late becomes an issue by itself, in the next round of the timers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from models.filing import FilingItem
from models.standard import Standard
from services import uploads
from services.cities.sample_paper import sample_paper
from services.demo_life.stage import Stage
from services.filing import handing_in, listing
from services.filing.listing import Listed
from services.findings import current_version
from services.rulebook import the_city

RETURNED = "缺少单位盖章，第三页签字不清，请补正后重新报送。"


@dataclass(frozen=True)
class Paper:
    """A piece of material: due so many days from now; handed in and reviewed so many days ago, if it was.

    `unit`: whose it is where there is such a unit, else one of the busiest; `standard`: what asks for it.
    """

    title: str
    unit: str
    standard: str
    due: int
    handed_in: int | None = None
    accepted: int | None = None
    returned: int | None = None
    marks: int = 1


PAPERS = (
    Paper("政务大厅窗口服务规范及满意度记录", "D-XZSPJ", "18-01", -20, handed_in=26, accepted=24, marks=2),
    Paper("志愿服务活动记录及照片", "D-XCB", "39-02", -12, handed_in=15, accepted=13),
    Paper("农贸市场快检和索证索票台账", "D-SCJGJ", "12-02", -6, handed_in=9, returned=7, accepted=5, marks=2),
    Paper("校园周边环境整治方案", "D-JYJ", "31-01", 9, handed_in=4, accepted=2),
    Paper("公益广告刊播证明", "D-XCB", "02-01", 14, handed_in=2, marks=2),
    Paper("垃圾收集站消杀记录", "D-CGJ", "38-03", 18, handed_in=1),
    Paper("老旧小区改造竣工资料", "D-ZJJ", "08-03", 16, handed_in=5, returned=3),
    Paper("道路保洁作业台账", "D-CGJ", "01-03", -3, marks=2),
    Paper("文明交通劝导工作总结", "D-GAJJ", "05-02", 5),
    Paper("未成年人心理健康辅导记录", "D-JYJ", "33-03", 32, marks=2),
    Paper("网吧日常检查记录", "D-WLJ", "32-02", 40),
    Paper("公共交通文明服务培训资料", "D-GJGS", "22-02", 45),
)


def list_and_review(stage: Stage) -> None:
    """The office lists it, units hand in, verifiers review."""
    at = stage.ago(35, 9)
    units = stage.busiest()
    rows = [_row(stage, n, paper, units) for n, paper in enumerate(PAPERS, start=1)]
    listing.write(stage.session, [Listed(None, row) for row in rows], by=stage.office(at), now=at)
    items = stage.session.exec(select(FilingItem).order_by(col(FilingItem.id))).all()
    for item, paper in zip(items, PAPERS, strict=False):
        _handle(stage, item, paper)


def _row(stage: Stage, n: int, paper: Paper, units: Sequence[str]) -> Mapping[str, Any]:
    due = stage.on_any(stage.today + timedelta(days=paper.due), 17)
    version = current_version(stage.session, now=stage.now) or ""
    return {
        "version_code": version,
        "year": due.year,
        "code": f"{the_city(stage.session).number_prefix}-F-{n:02}",
        "standard_code": paper.standard if stage.session.get(Standard, (version, paper.standard)) else "",
        "title": paper.title,
        "marks": Decimal(paper.marks),
        "unit_code": paper.unit if stage.holders("handler", paper.unit) else units[n % len(units)],
        "due_on": due.date(),
        "due_at": due,
        "severity": "S3",
    }


def _handle(stage: Stage, item: FilingItem, paper: Paper) -> None:
    """Handed in, returned and handed in again, accepted: as far as it came."""
    if paper.handed_in is None:
        return
    _hand_in(stage, item, stage.ago(paper.handed_in, 16))
    if paper.returned is not None:
        at = stage.ago(paper.returned, 10)
        handing_in.give_back(stage.session, item.id or 0, why=RETURNED, by=_reviewer(stage, at), now=at)
        if paper.accepted is not None:
            _hand_in(stage, item, stage.ago(paper.returned - 1, 11))
    if paper.accepted is not None:
        at = stage.ago(paper.accepted, 10)
        handing_in.accept(stage.session, item.id or 0, note="材料齐全", by=_reviewer(stage, at), now=at)


def _hand_in(stage: Stage, item: FilingItem, at: datetime) -> None:
    by = stage.one("handler", "direct_leader", "deputy_leader", "principal_leader", owner=item.unit_code)
    city = the_city(stage.session)
    upload = uploads.take(
        stage.session,
        data=sample_paper(f"{item.code} {at:%Y-%m-%d}"),
        name=f"{item.title}.pdf",
        by=by,
        store=stage.press.place,
        zone=city.timezone,
        now=at,
    )
    handing_in.submit(stage.session, item.id or 0, keys=[upload.key], by=stage.act(by, at), now=at)


def _reviewer(stage: Stage, at: datetime) -> Any:
    return stage.act(stage.one("verifier"), at)
