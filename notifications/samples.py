"""A message of each kind that nobody was sent: what a preview is filled in with where no real one was ever made.

Every fact that any template may ask for is there, so that the tests prove the templates with the same values.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from models.message import Message
from notifications.kinds import DIGEST, KINDS
from notifications.material import CityRules, Material

SUMMARY = "人行道地砖大面积破损松动并有积水，影响行人通行且存在安全隐患，周边商户多次反映未处理"
POINT, UNIT, UNIT_CODE = "高山井社区大道", "自贡市城市管理局", "D-CGJ"
POST, POST_TITLE, WHY = "510302001:street_chief", "五星街街长", "L3.street_chief"
NUMBER = "ZG-2026-000001"
FACTS: Mapping[str, Any] = {
    "reason": SUMMARY,
    "returned_by": UNIT_CODE,
    "into": "ZG-2026-000002",
    "action": "escalate",
    "step": "E3",
    "level": 3,
    "cause": "failed_twice",
    "paper": "overdue_notice",
    "old_due_at": "2026-11-04T09:00:00+00:00",
    "was_due": "2026-11-03T09:00:00+00:00",
    "milestone_at": "2026-11-20T09:00:00+00:00",
    "reply": "已全部修复，附照片三张",
    "instead_of": "D-SCJGJ:deputy_leader",
    "failure": "vacant",
    "round": "ZG-A-2026-0007",
    "first": NUMBER,
    "standard": "01-01",
    "sweep_due_at": "2026-11-09T09:00:00+00:00",
    "measure": "transfer_proposal",
    "reply_due_at": "2026-11-12T09:00:00+00:00",
    "checked": 12,
    "found": 2,
    "letter": "自任〔2026〕1号",
    "year": 2026,
    "unit": UNIT,
    "edition": 2,
    "changes": 3,
    "letter_due_at": "2026-11-09T09:00:00+00:00",
    "material": "F-01 道路保洁作业台账",
    "material_due_at": "2026-11-20T09:00:00+00:00",
    "area": "自流井区",
    "on_date": "2026-11-09",
    "count": 12,
    "points": [POINT, "五星街农贸市场"],
    "month": "2026-10",
    "score": "92.31",
    "cases": 26,
    "appeals_until": "2026-11-06T09:00:00+00:00",
    "appeal": 7,
    "number": NUMBER,
    "ground": ["不属本单位职责", "Not our duty"],
    "outcome": ["部分支持", "partly upheld"],
    "publication": "half_month",
    "page": "/bulletins/1",
    "act": "sent_back",
    "start": "2026-11-01",
    "end": "2026-11-15",
    "totals": {"assigned": 57, "closed": 40, "rate": 70.2, "overdue": 6},
    "bottom": [UNIT],
    "late": 12,
    "lines": [
        {
            "number": NUMBER,
            "what": f"待签收 {POINT}",
            "due": "2026-11-02T06:00:00+00:00",
            "unit": UNIT,
            "days": 4,
            "step": ["一次督办", "First supervision order"],
        }
    ],
    "problems": ["12 issues are late"],
    "published_until": "2026-12-31",
    "days_left": 55,
    "provisional_open": 3,
    "channel": "sms",
    "address": "199****0006",
}
ACTIONS: Mapping[str, str] = {
    "request_asked": "ask_extension",
    "request_granted": "grant_extension",
    "request_refused": "refuse_return",
}
"""What the event of a kind is called, where it is not a step of the ladder."""
NAMES: Mapping[str, str] = {
    UNIT_CODE: UNIT,
    POST: POST_TITLE,
    "D-SCJGJ:deputy_leader": "市场监管局分管领导",
}
LINES = 23


def facts_of(kind: str) -> dict[str, Any]:
    """The facts of a message of this kind."""
    return {**FACTS, "action": ACTIONS.get(kind, "escalate")}


def sample(kind: str, *, city: CityRules, at: datetime) -> Material:
    """All that is known about a message of this kind that is made `at` that moment, late by a day. Raises KeyError."""
    message = Message(
        id=0,
        key="sample",
        kind=kind,
        post_code=POST,
        why=WHY,
        facts=facts_of(kind),
        not_before=at,
        created_at=at,
    )
    issue = _issue(at, city) if KINDS[kind].about_issue else None
    bundled = [line(number, at=at) for number in range(1, LINES + 1)] if kind == DIGEST else []
    return Material(message=message, city=city, issue=issue, names=NAMES, bundled=bundled)


def line(number: int, *, at: datetime) -> dict[str, Any]:
    """One line of a digest, due so many days after `at`; the second provisionally."""
    return {
        "kind": "overdue_notice",
        "number": f"ZG-2026-{number:06}",
        "point_name": POINT,
        "description": "",
        "due_at": at + timedelta(days=number),
        "due_provisional": number == 2,
    }


def _issue(at: datetime, city: CityRules) -> dict[str, Any]:
    """The columns that templates see, all of them filled."""
    return {
        "number": NUMBER,
        "state": "rectifying",
        "severity": next(iter(city.rules.severities), ""),
        "description": SUMMARY,
        "address": "五星街12号",
        "rework": 1,
        "lead_unit": UNIT_CODE,
        "cycle": 1,
        "source": "audit",
        "extensions": 0,
        "due_at": at - timedelta(days=1),
        "due_provisional": False,
        "sign_in_due_at": at - timedelta(days=4),
        "stage_due_at": at - timedelta(days=1),
        "milestone_at": at,
        "point_name": POINT,
        "area_name": "自流井区",
        "order_number": "督〔2026〕1号",
    }
