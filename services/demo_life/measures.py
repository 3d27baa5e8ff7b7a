"""Holding to account: what the rules propose now, some of it decided; a leader's instruction, and what was answered."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from models.accountability import Measure, MeasureAct, MeasureKind, MeasureState
from models.errors import DubanError
from models.issue import Issue
from models.lifecycle import State
from models.rights import Actor
from services.accountability import offers
from services.accountability.rounds import every_night, every_round
from services.accountability.verbs import VERBS, given_for
from services.demo_life.stage import Stage
from services.instructions import recording as instructions
from services.instructions import sight
from services.instructions.recording import Wording
from services.papers.content import Interview

REPLY = "已成立专班，逐项整改；夜间巡查增至两次，责任到人，现附整改前后照片。"
NOT_ENOUGH = "回复未说明长效措施，请补充后重新报送。"
HELD = "市创建办约谈分管负责人，责任单位作出书面表态，限三日内整改到位。"
REJECTED = "整改已接近完成，暂不采取该措施，继续观察。"
WORDS = ("此事群众反映强烈，请即到现场研究，三天内拿出办法，并把结果报我。", "请举一反三，全面排查同类问题，防止反弹。")
ANSWER = "已现场办公，明确由市城管局牵头，本周内完成整改，结果另报。"


def decide(stage: Stage) -> None:
    """Orders in every state, an interview that was held, one that was decided against; the rest waits."""
    every_round(stage.session, now=stage.now)
    every_night(stage.session, now=stage.now)
    orders = _one_of_each_issue(_proposed(stage, MeasureKind.ORDER))
    stories: Sequence[Sequence[tuple[MeasureAct, str]]] = (
        ((MeasureAct.APPROVE, ""), (MeasureAct.REPLY, REPLY), (MeasureAct.ACCEPT, "")),
        ((MeasureAct.APPROVE, ""), (MeasureAct.REPLY, REPLY), (MeasureAct.RETURN, NOT_ENOUGH)),
        ((MeasureAct.APPROVE, ""), (MeasureAct.REPLY, REPLY)),
        ((MeasureAct.APPROVE, ""),),
        ((MeasureAct.REJECT, REJECTED),),
    )
    for measure, story in zip(orders, stories, strict=False):
        _play(stage, measure, story)
    interviews = _proposed(stage, MeasureKind.INTERVIEW)
    for measure, story in zip(interviews, (((MeasureAct.APPROVE, ""), (MeasureAct.HOLD, HELD)),), strict=False):
        _play(stage, measure, story)
    for kind in (MeasureKind.YELLOW_CARD, MeasureKind.PROPOSAL):
        for measure in _proposed(stage, kind)[:1]:
            _play(stage, measure, ((MeasureAct.APPROVE, ""),))
    _instruct(stage)


def _proposed(stage: Stage, kind: MeasureKind) -> Sequence[Measure]:
    query = select(Measure).where(Measure.kind == kind, Measure.state == MeasureState.PROPOSED)
    return stage.session.exec(query.order_by(col(Measure.id))).all()


def _one_of_each_issue(orders: Sequence[Measure]) -> Sequence[Measure]:
    """One reply answers all the orders about an issue."""
    first: dict[int | None, Measure] = {}
    for measure in orders:
        first.setdefault(measure.issue_id, measure)
    return list(first.values())


def _play(stage: Stage, measure: Measure, story: Sequence[tuple[MeasureAct, str]]) -> None:
    """As far as somebody may, and the measure can. What people do does not depend on the other things."""
    for act, why in story:
        try:
            with stage.session.begin_nested():
                _act(stage, measure, act, why)
        except DubanError:
            return


def _act(stage: Stage, measure: Measure, act: MeasureAct, why: str) -> None:
    by = _who(stage, measure, act)
    if by is None:
        return
    when = stage.today + timedelta(days=3)
    interview = Interview(f"{when:%Y-%m-%d} 09:30", "市创建办第一会议室")
    more: dict[str, Any] = dict(given_for(act, stationery=lambda: stage.press.stationery, interview=interview))
    seen = measure.version
    VERBS[act](stage.session, measure.id or 0, by=by, now=stage.now, seen=seen, why=why, **more)
    stage.session.refresh(measure)


def _who(stage: Stage, measure: Measure, act: MeasureAct) -> Actor | None:
    """The first who may: the offices above, the leaders of the city, the unit's own people."""
    places = measure.area_path.split("/")
    posts = [("office", place) for place in reversed(places)]
    posts += [(kind, stage.city) for kind in ("headquarters", "performance_office")]
    posts += [(kind, measure.unit_code) for kind in ("handler", "direct_leader", "deputy_leader", "principal_leader")]
    for kind, owner in posts:
        for code in stage.holders(kind, owner):
            actor = stage.act(code, stage.now)
            if act in offers.possible(stage.session, measure, actor):
                return actor
    return None


def _instruct(stage: Stage) -> None:
    """Two instructions of the city's leader: one answered by the unit, one that waits."""
    query = select(Issue).where(Issue.state == State.RECTIFYING, col(Issue.due_at) < stage.now)
    late = stage.session.exec(query.order_by(col(Issue.due_at)).limit(2)).all()
    for n, issue in enumerate(late):
        to = stage.one("principal_leader", "deputy_leader", owner=issue.lead_unit or "")
        at = stage.ago(3 - n, 17)
        wording = Wording(
            leader=stage.one("headquarters"),
            said_on=(stage.today - timedelta(days=3 - n)),
            words=WORDS[n],
            addressees=[to],
            issues=[issue.number],
            area=stage.city,
            key=f"demo-instruction-{n}",
        )
        key = instructions.record(stage.session, wording, by=stage.office(at), now=at)
        if n == 0:
            at = stage.ago(1, 16)
            sight.open_it(stage.session, key, reader=stage.act(to, at), now=at)
            instructions.answer(stage.session, key, words=ANSWER, by=stage.act(to, at), now=at)
