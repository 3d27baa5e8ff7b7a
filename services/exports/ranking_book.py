"""A month's places as a workbook: one row for each unit, every rate beside what it is a share of."""

from collections.abc import Callable
from pathlib import Path

from models.ranking_terms import LISTS, RANKING_GROUPS, WITHOUT_PLACE
from models.scoring.terms import CHANGES, NO_PLACES, NUMBERS
from models.terms import term
from services.exports.columns import Column
from services.exports.sheet import SheetWriter, Value
from services.ranking.table import RATES, Row, Table

Cell = Callable[[Row], Value]


def write(table: Table, path: Path, *, lang: str) -> None:
    """Write the lines of a table, in their order. Raises OSError where the disk does not take it."""
    every = columns(table, lang=lang)
    with SheetWriter(path, title=str(table.month), columns=[column for column, _ in every], lang=lang) as sheet:
        for row in table.rows:
            sheet.write(cell(row) for _, cell in every)


def columns(table: Table, *, lang: str) -> list[tuple[Column, Cell]]:
    """Each column with what stands in it."""
    return [*_places(lang), *_rates(), *_beside(table, lang)]


def _places(lang: str) -> list[tuple[Column, Cell]]:
    why = {**NO_PLACES, **WITHOUT_PLACE}
    return [
        (Column("group", "分组", "Group", 18), lambda row: term(RANKING_GROUPS, row.group, lang)),
        (Column("rank", "名次", "Place", 7), lambda row: row.rank),
        (Column("of", "参与排名数", "Of", 7), lambda row: row.of),
        (Column("unit", "单位", "Unit", 28), lambda row: row.name),
        (Column("code", "单位编码", "Unit code", 16), lambda row: row.code),
        (Column("score", "得分", "Score", 9), lambda row: row.score),
        (Column("why", "未参与排名的原因", "Why no place", 18), lambda row: term(why, row.why, lang)),
        (Column("cases", "应整改数", "Cases", 8), lambda row: row.cases),
        (Column("overdue", "超期未结", "Overdue and open", 8), lambda row: row.overdue),
    ]


def _rates() -> list[tuple[Column, Cell]]:
    """The rate in per cent, then both sides of it."""
    found: list[tuple[Column, Cell]] = []
    for name in RATES:
        zh, en = NUMBERS[name]
        found += [
            (Column(name, f"{zh}（%）", f"{en} (%)", 10), lambda row, name=name: row.rates[name]),  # type: ignore[misc]
            (Column(f"{name}_of", f"{zh}：件数", f"{en}: cases", 10), lambda row, name=name: _sides(row, name)),  # type: ignore[misc]
        ]
    return [
        *found,
        (Column("low", "整改率下限（%）", "Rectification rate, low (%)", 10), lambda row: row.low),
        (Column("high", "整改率上限（%）", "Rectification rate, high (%)", 10), lambda row: row.high),
    ]


def _sides(row: Row, name: str) -> str:
    above, below = row.sides[name]
    return f"{above}/{below}" if below else ""


def _beside(table: Table, lang: str) -> list[tuple[Column, Cell]]:
    return [
        (Column("rank_before", "上月名次", "Place the month before", 9), lambda row: row.rank_before),
        (Column("moved", "名次变化", "Places up", 9), lambda row: row.moved),
        (Column("points", "得分变化", "Change of the score", 9), lambda row: row.points),
        (Column("changed", "不可比原因", "Why not comparable", 16), lambda row: term(CHANGES, row.changed, lang)),
        (Column("listed", "红黑榜", "Red or black list", 9), lambda row: term(LISTS, row.listed, lang)),
        (Column("in_a_row", "连续黑榜次数", "Black lists in a row", 9), lambda row: row.in_a_row or None),
        (Column("proposed", "建议措施", "Proposed", 22), lambda row: term(dict(table.names), row.proposed, lang)),
        (Column("left_out", "申诉剔除的问题", "Left out by appeal", 24), lambda row: "、".join(row.left_out)),
    ]
