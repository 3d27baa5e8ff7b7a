"""Which step of the ladder a paper goes with: that whose paper it is, or which encloses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.issue import Issue
from models.paper import PaperKind
from models.routing import posts_for
from models.unit import Post
from services.papers.words import clean


@dataclass(frozen=True)
class LadderStep:
    """A step as the rules that are frozen on the issue have it; `told` are the posts that get a copy."""

    code: str
    told: tuple[str, ...]
    only_for: tuple[str, ...]


def steps_with(kind: PaperKind, rules: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Every step of the ladder that has this paper, lowest first."""
    rows = rules["ladder"]["step"]
    return {row["code"]: row for row in rows if kind in (row["paper"], *row.get("enclosed", ()))}


def step_for(kind: PaperKind, rules: Mapping[str, Any], *, taken: int) -> LadderStep | None:
    """The highest step with this paper that was taken in this cycle (bit n of `taken` for En); None where none was."""
    reached = {code: row for code, row in steps_with(kind, rules).items() if taken >> int(code[1:]) & 1}
    if not reached:
        return None
    code, row = max(reached.items(), key=lambda pair: int(pair[0][1:]))
    return LadderStep(code, (*row.get("territorial", ()), *row.get("copied", ())), tuple(row.get("copied_for", ())))


def copied_posts(session: Session, issue: Issue, step: LadderStep) -> list[str]:
    """The titles of the posts that get a copy, as the step tells them; posts that do not exist here are skipped."""
    if step.only_for and issue.severity not in step.only_for:
        return []
    codes = posts_for(step.told, issue)
    titles = dict(session.exec(select(Post.code, Post.title).where(col(Post.code).in_(codes))).all())
    return [clean(titles[code]) for code in codes if titles.get(code)]
