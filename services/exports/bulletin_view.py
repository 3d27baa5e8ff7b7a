"""What a Word template of bulletins may name: the frozen content in words and tables, in Chinese.

Long tables are cut, and say so: the annex has every line.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Protocol

from models import terms
from services.bulletins.words import full_day, percent
from services.exports.bulletin_words import CHARTS, FIGURES, GATHERS, HEADINGS, NOTE, group_name, said
from services.exports.charts import Figures

ZH = "zh-CN"
SHOWN = ("assigned", "to_close", "closed", "rectification_rate", "on_time_rate", "overdue_open", "rework_rate")
FIRST, LAST, WHOLE = 5, 10, 20
"""A group of more than WHOLE units is shown by its first and last ones."""
NUMBERS = "一二三四五六七八九十"
SECTIONS = {
    "figures": "总体情况",
    "scores": "考核得分",
    "units": "单位排名",
    "spread": "问题分布",
    "overdue": "逾期未结突出问题",
    "hotspots": "问题多发点位和区域",
    "sponsored": "领导包点情况",
    "pairs": "整改前后对比",
    "judged": "表扬与批评",
    "requirements": "下步要求",
}
LINES = 15
"""Of sponsored points."""
Line = dict[str, Any]


class Illustrator(Protocol):
    """Makes what is no text: something that the template puts where it names it."""

    def chart(self, figures: Figures) -> Any: ...
    def photo(self, key: int) -> Any: ...


def view(content: Mapping[str, Any], *, edition: int, issued_on: str, illustrate: Illustrator) -> Line:
    """Every name that a template may use, whatever the content has."""
    period, previous = content["period"], content["previous"]
    texts = {name: text.split("\n") if text else [] for name, text in content["texts"].items()}
    found: Line = {
        "kind": content["kind"],
        "title": terms.term(terms.PUBLICATIONS, content["kind"], ZH),
        "city": content["city"],
        "area": content["area"],
        "office": content["office"] or f"{content['area']}创建办",
        "year": content["year"],
        "n": content["n"],
        "correction": f"更正第{edition - 1}次" if edition > 1 else "",
        "period": f"{full_day(period['from'])}至{full_day(period['to'])}",
        "counted": content["as_of"],
        "issued_on": full_day(issued_on) if issued_on else "（草稿，未发布）",
        "draft": not issued_on,
        "formula": content["formula"],
        "texts": texts,
        "figures": [_figure(name, content) for name in SHOWN],
        "previous": f"{full_day(previous['from'])}至{full_day(previous['to'])}" if previous else "",
        "not_compared": said(NOTE, "other", ZH) if previous and previous["differences"] is None else "",
        "groups": _groups(content["units"]),
        "scores": _scores(content["scores"]),
        "late": content["late"],
        "worst": [{**one, "step": one["step"][0]} for one in content["worst"]],
        "hotspots": [{**one, "kind": said(GATHERS, one["kind"], ZH)} for one in content["hotspots"]],
        "sponsored": content["sponsored"][:LINES],
        "more_sponsored": max(len(content["sponsored"]) - LINES, 0),
        "pairs": [_pair(n, one, illustrate) for n, one in enumerate(_shown(content), start=1)],
        "charts": _charts(content, illustrate),
    }
    return {**found, "sections": _sections(found)}


def _sections(found: Line) -> dict[str, str]:
    """The headings, numbered as they come; empty for a part that has nothing to say."""
    texts, charts = found["texts"], found["charts"]
    there = {
        "figures": True,
        "scores": found["scores"],
        "units": found["groups"],
        "spread": any(charts.values()),
        "overdue": found["worst"],
        "hotspots": found["hotspots"],
        "sponsored": found["sponsored"],
        "pairs": found["pairs"],
        "judged": texts["praised"] or texts["criticised"],
        "requirements": texts["requirements"],
    }
    numbers = iter(NUMBERS)
    return {name: f"{next(numbers)}、{SECTIONS[name]}" if wanted else "" for name, wanted in there.items()}


def _figure(name: str, content: Mapping[str, Any]) -> Line:
    """One line of the table of totals: this time, last time, the difference."""
    rate, previous = name.endswith("_rate"), content["previous"]
    now = content["total"][name]
    before = previous["total"].get(name) if previous else None
    change = (previous["differences"] or {}).get(name) if previous else None
    return {
        "name": said(FIGURES, name, ZH) + ("（%）" if rate else "（件）"),
        "now": percent(now) if rate else now,
        "before": "–" if previous is None or (before is None and not rate) else percent(before) if rate else before,
        "change": signed(change),
    }


def signed(change: Any) -> str:
    """A difference with its sign: `+3`, `−1.2`; a dash where there is none to tell."""
    if change is None:
        return "–"
    value = Decimal(change)
    return f"{value:+}".replace("-", "−") if value else f"{value:+}".removeprefix("+").removeprefix("-")


def _groups(units: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Each group's units in the order of their places; those without a place are only counted."""
    found = []
    for code, several in groupby(units, key=lambda one: one["ranking_group"]):
        lines = list(several)
        ranked = [_unit(one) for one in lines if one["rank"] is not None]
        if ranked:
            found.append({"name": group_name(code, ZH), "of": len(ranked), **_cut(ranked)})
    return found


def _cut(ranked: list[Line]) -> Line:
    if len(ranked) <= WHOLE:
        return {"first": ranked, "last": [], "left_out": 0}
    return {"first": ranked[:FIRST], "last": ranked[-LAST:], "left_out": len(ranked) - FIRST - LAST}


def _unit(one: Mapping[str, Any]) -> Line:
    rates = ("rectification_rate", "on_time_rate", "rework_rate")
    return {
        "rank": one["rank"],
        "name": one["unit_name"],
        "to_close": one["to_close"],
        "closed": one["closed"],
        "overdue": one["overdue_open"],
        **{name: percent(one[name]) for name in rates},
    }


def _scores(scores: Mapping[str, Any] | None) -> list[Line]:
    found = []
    for code, several in groupby(scores["rows"] if scores else (), key=lambda one: one["group"]):
        ranked = [
            {
                "rank": one["rank"],
                "name": one["name"],
                "score": one["score"],
                "change": signed(one["points"]),
                "list": said(terms.LISTS, one["listed"], ZH),
            }
            for one in several
            if one["rank"] is not None
        ]
        if ranked:
            found.append({"name": group_name(code, ZH), "of": len(ranked), **_cut(ranked)})
    return found


def _shown(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [pair for pair in content["pairs"] if pair["shown"]]


def _pair(n: int, one: Mapping[str, Any], illustrate: Illustrator) -> Line:
    missing = "（照片已不在）"
    sides = {side: illustrate.photo(one[side]) or missing for side in ("before", "after")}
    return {**one, "n": n, **sides, "closed_on": full_day(one["closed_on"])}


def _charts(content: Mapping[str, Any], illustrate: Illustrator) -> Line:
    """By name; empty text where there is nothing to draw."""
    drawn = figures_of(content, ZH)
    return {name: illustrate.chart(drawn[name]) if name in drawn else "" for name in CHARTS}


def figures_of(content: Mapping[str, Any], lang: str) -> dict[str, Figures]:
    """The charts of a bulletin that have something to show."""
    areas, days, kinds = content["areas"], content["days"], content["categories"]
    heading = {name: said({**FIGURES, **HEADINGS}, name, lang) for name in ("to_close", "closed", "found")}
    found: dict[str, Figures] = {}
    if areas:
        due = [one["due"] - one["suspended"] for one in areas]
        series = [(heading["to_close"], due), (heading["closed"], [one["closed"] for one in areas])]
        found["areas"] = Figures(said(CHARTS, "areas", lang), [one["name"] for one in areas], series)
    if any(one["found"] or one["closed"] for one in days):
        labels = [f"{int(one['day'][5:7])}.{int(one['day'][8:])}" for one in days]  # a dash would break the line there
        series = [(heading[name], [one[name] for one in days]) for name in ("found", "closed")]
        found["days"] = Figures(said(CHARTS, "days", lang), labels, series, lines=True)
    if kinds:
        labels = [one["name"] or "–" for one in kinds]
        series = [(heading["found"], [one["found"] for one in kinds])]
        found["categories"] = Figures(said(CHARTS, "categories", lang), labels, series)
    return found
