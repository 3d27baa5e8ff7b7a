"""The content of a bulletin that nobody published: to try a city's template out before a real one needs it.

Nothing in it is empty that may be filled, so every part of a template is filled in once.
"""

from typing import Any

from models.publication import PublicationKind
from services.bulletins.counting import written
from services.figures import FORMULA, UnitFigures

UNIT = UnitFigures(
    "D-CGJ", "自贡市城市管理局", "departments_key", assigned=12, due=10, closed=9, closed_on_time=8, overdue_open=1
)
MANY = 25
"""Units of one group: more than a Word file shows."""


def sample(kind: PublicationKind) -> dict[str, Any]:
    """Every name that the content of a bulletin has."""
    total = written(UNIT)
    return {
        "kind": kind.value,
        "year": 2026,
        "n": 21,
        "city": "自贡市",
        "area": "自贡市",
        "office": "自贡市创建办",
        "as_of": "2026-11-16 08:10",
        "period": {"from": "2026-11-01", "to": "2026-11-15", "days": 15},
        "formula": FORMULA,
        "texts": {"lead": "总体情况。", "requirements": "一、…\n二、…", "praised": "表扬。", "criticised": "批评。"},
        "total": total,
        "units": [{"rank": n, **total} for n in range(1, MANY + 1)],
        "bottom": [{"code": UNIT.unit_code, "name": UNIT.unit_name}],
        "scores": {"id": 1, "formula": "2026-1", "rows": [_score(n) for n in range(1, MANY + 1)]},
        "previous": {
            "id": 1,
            "from": "2026-10-16",
            "to": "2026-10-31",
            "formula": FORMULA,
            "total": total,
            "differences": {"assigned": 1, "to_close": -1, "closed": 0, "rectification_rate": "+1.2"},
            "ranks": {UNIT.unit_code: 2},
        },
        "areas": [{"code": "510302", "name": "自流井区", **total}],
        "days": [{"day": f"2026-11-{day:02}", "found": day, "closed": 1} for day in range(1, 16)],
        "categories": [{"code": "01", "name": "主次干道", "name_en": "Main and secondary roads", "found": 7}],
        "late": 3,
        "worst": [
            {
                "number": "ZG-2026-000001",
                "what": "高山井社区大道",
                "about": "公益广告破损",
                "unit": UNIT.unit_name,
                "due": "2026-11-05 17:00",
                "days": 10,
                "step": ["一次督办", "First supervision order"],
            }
        ],
        "hotspots": [
            {
                "kind": "point",
                "point": "P-0001",
                "standard": None,
                "street": None,
                "name": "高山井社区大道",
                "about": "乱停乱放",
                "found": 4,
                "open": 2,
            }
        ],
        "sponsored": [
            {
                "code": "P-0001",
                "name": "高山井社区大道",
                "sponsor": "甲",
                "found": 2,
                "closed": 1,
                "open": 1,
                "overdue": 1,
            }
        ],
        "pairs": [
            {
                "number": "ZG-2026-000001",
                "place": "高山井社区大道",
                "what": "公益广告破损",
                "unit": UNIT.unit_name,
                "before": 1,
                "after": 2,
                "closed_on": "2026-11-10",
                "shown": True,
            }
        ],
        "rows": True,
    }


def _score(n: int) -> dict[str, Any]:
    return {
        "code": UNIT.unit_code,
        "name": UNIT.unit_name,
        "group": UNIT.ranking_group,
        "rank": n,
        "of": MANY,
        "score": "95.50",
        "points": "-0.50",
        "moved": 1,
        "listed": "red",
        "in_a_row": 0,
        "cases": 12,
    }
