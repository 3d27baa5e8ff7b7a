"""Putting papers on file inside the one door: numbers without gaps, content and its hash, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from models.paper import Paper, content_hash
from services import bulk

if TYPE_CHECKING:
    from services.transition import Worked

PAPER = "paper"
FROM_DRAFT = ("number", "kind", "issue_id", "round_id", "unit_code", "cycle", "step", "issued_by", "content")
TEMPLATES = ("word_template", "page_template")


def file_papers(session: Session, worked: Iterable[Worked], *, now: datetime) -> None:
    """Number and write the papers that were decided; each event about one gets its number and the hash of its content.

    The paper of a round comes with every issue on it: it is written once.
    """
    papers: dict[str, dict[str, Any]] = {}
    told: list[tuple[dict[str, Any], str]] = []
    for work in worked:
        for one in work.written:
            for row in one.decision.rows:
                if row.table == PAPER:
                    papers.setdefault(row.values["key"], dict(row.values))
                    told.append((one.event, row.values["key"]))
    if not papers:
        return
    _number(session, list(papers.values()))
    bulk.insert(session, Paper, [_row(paper, now) for paper in papers.values()])
    for event, key in told:
        paper = papers[key]
        event["facts"] |= {"paper_number": paper["number"], "paper_sha256": content_hash(paper["content"])}
        event["reason"] = paper["number"]  # what one reads beside the action


def _number(session: Session, papers: Sequence[dict[str, Any]]) -> None:
    """The next number of its series for each that has none yet. Papers with the same form share a series."""
    for series in sorted({paper["series"] for paper in papers if not paper["number"]}):
        those = [paper for paper in papers if paper["series"] == series]
        for paper, n in zip(those, bulk.take_numbers(session, series, len(those)), strict=True):
            paper["number"] = paper["form"].format(year=paper["year"], n=n)
    for paper in papers:
        paper["content"] = {**paper["content"], "number": paper["number"]}


def _row(paper: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    columns = {name: paper[name] for name in (*FROM_DRAFT, *TEMPLATES)}
    return {**columns, "issued_at": now, "content_sha256": content_hash(paper["content"])}
