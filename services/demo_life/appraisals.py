"""The units' month: one appraisal published after its appeals, and the last month's, against which units appeal now."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from models.appeal import Appeal, AppealOutcome
from models.errors import DubanError
from models.publication import Publication
from services import publications
from services.demo_life.stage import Stage
from services.ranking import appeals, drafting
from services.ranking.appeals import Pleaded
from services.ranking.editions import appeals_until
from services.ranking.months import Month
from services.ranking.table import from_content
from services.scores import recording

NOT_OURS = Pleaded("not_my_duty", "该处为河道管理范围，由水务部门管养，交办时权属不清。")
OUT_OF_REACH = Pleaded("force_majeure", "期间连续暴雨，户外作业停工三天，恢复后当日整改到位。")
OUT_OF_SCOPE = Pleaded("out_of_scope", "点位已于上月拆迁围闭，不在测评范围内。")
UPHELD, REFUSED = "经核实权属图纸，情况属实。", "已查阅派单和现场记录，属本单位管养范围，维持原扣分。"
APPELLANTS = ("principal_leader", "deputy_leader")


def published(stage: Stage) -> None:
    """The month before the last one: drafted, one appeal upheld and one refused, approved, published."""
    month = Month.of(stage.today).before.before
    _incident(stage, month)
    row = _drafted(stage, month, stage.on(month.after.first, 8, 20))
    within = _next_day(row)
    asked = list(_appealed(stage, month, row, [NOT_OURS, OUT_OF_REACH], at=within))
    for appeal, (outcome, why) in zip(asked, _ANSWERS, strict=False):
        _decided(stage, appeal, outcome, why, at=within + timedelta(hours=5))
    after = max(appeals_until(row.content), within + timedelta(hours=6)) + timedelta(hours=1)
    row = drafting.must_find(stage.session, month, area_code=stage.city)
    seen = row.content_sha256
    drafting.approve(stage.session, row, by=stage.headquarters(after), seen=seen, now=after)
    last = after + timedelta(hours=1)
    publications.publish(stage.session, row.id or 0, by=stage.office(last), seen=seen, now=last)


_ANSWERS = ((AppealOutcome.UPHELD, UPHELD), (AppealOutcome.REFUSED, REFUSED))


def drafted(stage: Stage) -> None:
    """The last month: drafted this morning, so that its window is open; one appeal is decided, one is not."""
    month = Month.of(stage.today).before
    at = stage.ago(0, 8, 20)
    row = _drafted(stage, month, at)
    asked = list(_appealed(stage, month, row, [OUT_OF_REACH, OUT_OF_SCOPE], at=stage.now - timedelta(minutes=40)))
    if asked:
        _decided(stage, asked[0], AppealOutcome.REFUSED, REFUSED, at=stage.now - timedelta(minutes=10))


def _drafted(stage: Stage, month: Month, at: datetime) -> Publication:
    return drafting.draft(stage.session, month=month, area_code=stage.city, by=stage.office(at), now=at)


def _next_day(row: Publication) -> datetime:
    """The morning after the draft, within its window."""
    return min(row.drafted_at + timedelta(days=1), appeals_until(row.content) - timedelta(hours=1))


def _appealed(stage: Stage, month: Month, row: Publication, pleas: list[Pleaded], *, at: datetime) -> Iterator[Appeal]:
    """Units with many cases appeal, each against one of them."""
    cases = from_content(row.content).cases
    wanted = list(pleas)
    for unit in sorted(cases, key=lambda code: (-len(cases[code]), code)):
        leader = next((who for kind in APPELLANTS for who in stage.holders(kind, unit)), None)
        if not (wanted and cases[unit] and leader):
            continue
        given: dict[str, Any] = {"month": month, "area_code": stage.city, "pleaded": wanted[0], "unit": unit}
        by = stage.act(leader, at)
        with suppress(DubanError):  # it comes before anything is written
            yield appeals.appeal(stage.session, cases[unit][0].number, by=by, now=at, **given)
            wanted.pop(0)


def _decided(stage: Stage, appeal: Appeal, outcome: AppealOutcome, why: str, *, at: datetime) -> None:
    appeals.decide(stage.session, appeal.id or 0, outcome=outcome, reason=why, by=stage.headquarters(at), now=at)


def _incident(stage: Stage, month: Month) -> None:
    """What weighs in a unit's month beside its cases, and in the city's year."""
    day = month.first + timedelta(days=19)
    at = stage.on(day + timedelta(days=1), 10)
    unit = stage.busiest()[0]
    told: dict[str, Any] = {"on": day, "by": stage.office(at), "now": at}
    recording.record_incident(
        stage.session, code="faking", unit_code=unit, evidence="复核照片2张", why="以旧照片代替整改后照片", **told
    )
    recording.record_hit(
        stage.session,
        code="media_exposure",
        area_code=stage.city,
        evidence="省台《问政》栏目",
        why="背街小巷积水问题被曝光，已整改",
        **told,
    )
