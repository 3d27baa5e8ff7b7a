"""How bulletins write figures, days and names, and the texts that an office starts from, in Chinese."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from services.figures import Ranked

NAMED = 5
"""Units named in a sentence; there may be many at the end that tie."""
REQUIREMENTS = (
    "一、对逾期未结问题，各责任单位主要领导要亲自过问，逐件明确措施、责任人和完成时限。\n"
    "二、整改要见底见效，按要求上传整改前后对比照片，经独立复核后方可销号，坚决防止反弹。\n"
    "三、对反复出现的问题要举一反三，排查同类点位，健全长效机制。"
)


def percent(rate: str | None) -> str:
    """A frozen rate as a reader sees it: `90.7`, or a dash where nothing was due."""
    return "–" if rate is None else f"{Decimal(rate) * 100:.1f}"


def day(written: str) -> str:
    """`2026-11-05` as 11月5日."""
    on = date.fromisoformat(written[:10])
    return f"{on.month}月{on.day}日"


def full_day(written: str) -> str:
    """`2026-11-05` as 2026年11月5日."""
    return f"{written[:4]}年{day(written)}"


def texts(content: Mapping[str, Any], ranked: Sequence[Ranked]) -> dict[str, str]:
    """What the free texts of a new draft say; the office words them anew as it likes."""
    return {
        "lead": _lead(content),
        "requirements": REQUIREMENTS if content["total"]["due"] else "",
        "praised": _praised(ranked),
        "criticised": _criticised(content),
    }


def _lead(content: Mapping[str, Any]) -> str:
    sums, period = content["total"], content["period"]
    began = f"{full_day(period['from'])}至{day(period['to'])}，全{_whole(content)}共交办问题{sums['assigned']}件"
    if not sums["to_close"]:
        return f"{began}，无到期应办结问题。"
    return (
        f"{began}；到期应办结{sums['to_close']}件，已销号{sums['closed']}件，整改率{percent(sums['rectification_rate'])}%，"
        f"按期整改率{percent(sums['on_time_rate'])}%；期末逾期未结{sums['overdue_open']}件。{_since(content)}"
    )


def _whole(content: Mapping[str, Any]) -> str:
    """全市, 全区, 全县 by how the area's name ends."""
    return content["area"][-1] if content["area"][-1:] in "市区县" else "辖区"


def _since(content: Mapping[str, Any]) -> str:
    """One sentence beside the bulletin before; nothing where the figures cannot be compared."""
    previous = content["previous"]
    points = previous["differences"]["rectification_rate"] if previous and previous["differences"] else None
    if points is None:
        return ""
    if not Decimal(points):
        return "整改率与上期持平。"
    way = "上升" if Decimal(points) > 0 else "下降"
    return f"整改率较上期{way}{abs(Decimal(points))}个百分点。"


def _praised(ranked: Sequence[Ranked]) -> str:
    """Those first in their group that have closed everything, in time."""
    best = [one.figures.unit_name for one in ranked if one.rank == 1 and one.figures.on_time_rate == 1]
    return f"{_named(best)}到期问题全部按期整改销号，予以通报表扬。" if best else ""


def _criticised(content: Mapping[str, Any]) -> str:
    last = [one["name"] for one in content["bottom"]]
    return f"{_named(last)}整改率在本组排名靠后，望认真查找原因，限期整改。" if last else ""


def _named(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等{len(names)}个单位" if len(names) > NAMED else "")
