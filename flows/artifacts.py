"""What people see of a run in the Prefect UI: tables, pages, links. A key names a page; each run adds a version."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact, acreate_table_artifact

from models import terms
from services.sweeps import StageCounts

Rows = Sequence[Mapping[str, Any]]
MOST_ROWS = 500
NUMBERS = 20


async def show_table(key: str, rows: Rows, *, description: str) -> None:
    """A table; an empty one is not shown, and a long one is cut (it is kept as one document)."""
    if rows:
        await acreate_table_artifact(key=key, table=[dict(row) for row in rows[:MOST_ROWS]], description=description)


async def show_page(key: str, markdown: str, *, description: str = "") -> None:
    await acreate_markdown_artifact(key=key, markdown=markdown, description=description)


async def show_link(key: str, url: str, *, text: str, description: str = "") -> None:
    await acreate_link_artifact(key=key, link=url, link_text=text, description=description)


async def show_round(stages: Sequence[StageCounts], *, at: datetime, link: str) -> None:
    """What moved in a round at this time of the city; nothing when nothing did."""
    rows = [row for stage in stages for row in stage_rows(stage)]
    when = f"{at:%Y-%m-%d %H:%M}"
    await show_table("lifecycle-round", rows, description=f"本轮变动 · What moved at {when} · [督办 Duban]({link})")


def stage_rows(stage: StageCounts) -> Rows:
    """One row per thing that happened in a stage, with the first numbers it happened to."""
    rows = [
        {
            "阶段 stage": _both(terms.STATES, stage.stage),
            "事项 what": _what(what),
            "数量 count": count,
            "问题 issues": _numbers(stage, what),
        }
        for what, count in stage.moved.items()
    ]
    if stage.set_aside:
        rows.append(
            {
                "阶段 stage": _both(terms.STATES, stage.stage),
                "事项 what": "搁置异常 set aside",
                "数量 count": stage.set_aside,
                "问题 issues": "",
            }
        )
    return rows


def _what(what: str) -> str:
    """An action, with its step where it has one."""
    action, _, step = what.partition(" ")
    return f"{_both(terms.ACTIONS, action)} {step}".strip()


def _both(words: terms.Words, code: str) -> str:
    """The word of the field in both languages."""
    return f"{terms.term(words, code, 'zh-CN')} {terms.term(words, code, 'en')}"


def _numbers(stage: StageCounts, what: str) -> str:
    return " ".join(list(dict.fromkeys(number for number, did in stage.issues if did == what))[:NUMBERS])
