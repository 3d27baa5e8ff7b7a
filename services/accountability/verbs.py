"""Which function does which act on a measure, for pages and programs alike."""

from collections.abc import Callable, Mapping
from typing import Any

from models.accountability import MeasureAct
from services.accountability import deciding, replies
from services.papers.content import Interview
from services.papers.stationery import Stationery

VERBS: Mapping[MeasureAct, Callable[..., Any]] = {
    MeasureAct.APPROVE: deciding.approve,
    MeasureAct.SECOND: deciding.second,
    MeasureAct.REJECT: deciding.reject,
    MeasureAct.REPLY: replies.reply,
    MeasureAct.RETURN: replies.give_back,
    MeasureAct.ACCEPT: replies.accept,
    MeasureAct.HOLD: deciding.hold,
    MeasureAct.CONCLUDE: deciding.conclude,
}
"""What people do; the rest rules and time do."""
ISSUES_A_PAPER = frozenset({MeasureAct.APPROVE, MeasureAct.SECOND})


def given_for(
    act: MeasureAct, *, stationery: Callable[[], Stationery], interview: Interview
) -> Mapping[str, Stationery | Interview]:
    """What an act takes beside who, when and why."""
    paper = {"stationery": stationery()} if act in ISSUES_A_PAPER else {}
    return {**paper, "interview": interview} if act is MeasureAct.APPROVE else paper
