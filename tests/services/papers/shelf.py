"""Shorthand for these tests: a paper of a kind, and what stands in its files."""

import io
import re
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

from docx import Document
from sqlmodel import Session

from models.paper import OF_NO_ISSUE, Paper, PaperKind
from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.papers.issuing import Issued, issue_papers
from services.papers.reading import printable
from services.papers.stationery import Stationery, read_stationery
from tests.cast import MONDAY, OFFICE, an_issue, at, who

ZIGONG = Path(__file__).resolve().parents[3] / "cities" / "zigong" / "papers"
OURS, CITYS = Stationery(), read_stationery(ZIGONG)
KINDS = [kind for kind in PaperKind if kind not in OF_NO_ISSUE]
DAYS = ("2026-11-06 17:30", "2026-11-11 10:00", "2026-11-13 10:00", "2026-11-18 10:00")
"""One after the other the ladder takes E4, E5, E6 and E7 of an issue of MONDAY."""
TOP = at("2026-11-18 11:00")


def at_the_top(session: Session, tick, **finding: str) -> int:
    """An issue that nobody put right until the third supervision order."""
    key = an_issue(session, state="rectifying", **finding)
    for day in DAYS:
        tick(at(day))
    return key


def issued(
    session: Session,
    key: int,
    kind: PaperKind = PaperKind.ASSIGNMENT_SLIP,
    *,
    by: str = OFFICE,
    now: datetime = MONDAY,
    stationery: Stationery = CITYS,
    **more: object,
) -> Issued:
    actor = who(session, by, now=now)
    (one,) = issue_papers(
        session,
        issue_ids=[key],
        kind=kind,
        by=actor,
        now=now,
        stationery=stationery,
        **more,  # type: ignore[arg-type]
    )
    return one


def word_text(session: Session, paper: Paper, *, by: str = OFFICE) -> str:
    """All text of the Word file, tables included, as Word would read it."""
    return text_of(word_bytes(session, paper, by=by))


def word_bytes(session: Session, paper: Paper, *, by: str = OFFICE) -> bytes:
    found = printable(session, paper.number, by=who(session, by))
    return word_file(found.word.body, paper.content, name=found.word.name)


def text_of(file: bytes) -> str:
    body = Document(io.BytesIO(file)).element.body
    return "\n".join("".join(node.itertext()) for node in body.iter() if node.tag.endswith("}p"))


def markup_of(file: bytes) -> str:
    """The bare XML of the document."""
    with ZipFile(io.BytesIO(file)) as parts:
        return parts.read("word/document.xml").decode("utf-8")


def page_text(session: Session, paper: Paper, *, by: str = OFFICE) -> str:
    """The page as its HTML."""
    found = printable(session, paper.number, by=who(session, by))
    return page_file(found.page.body, paper.content, name=found.page.name)


def braces(text: str) -> list[str]:
    """What is left of a template that was not filled in."""
    return re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text)
