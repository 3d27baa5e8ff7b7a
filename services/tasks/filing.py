"""Putting task letters on file: papers under numbers without gaps, letters in force, the events that prove them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from models.deadlines import Limit, due
from models.paper import Paper, PaperKind, content_hash
from models.task_letter import LetterAct, TaskLetter, TaskLetterEvent
from services import bulk, rulebook
from services.papers.content import Content, Desk
from services.papers.drafts import keep_templates
from services.papers.stationery import series
from services.tasks.letter_content import ToWrite, contents
from services.tasks.table import rows_hash

KIND = PaperKind.TASK_LETTER


def file_letters(desk: Desk, new: Sequence[ToWrite], *, climb_after: Limit) -> list[TaskLetter]:
    """Write all of them, in their order, in the caller's transaction. The letters that they replace end here."""
    if not new:
        return []
    templates = keep_templates(desk.session, desk.stationery, KIND)
    numbers = _numbers(desk, len(new))
    written = [{**content, "number": number} for content, number in zip(contents(desk, new), numbers, strict=True)]
    bulk.insert(desk.session, Paper, [_paper(desk, *pair, templates) for pair in zip(new, written, strict=True)])
    _replace(desk, new)
    calendar = rulebook.calendar(desk.session, desk.city.calendar_version or 0)
    climbs = {at: due(calendar, start=at, limit=climb_after).at for at in {one.sign_due_at for one in new}}
    rows = [_letter(desk, one, number, climbs[one.sign_due_at]) for one, number in zip(new, numbers, strict=True)]
    bulk.insert(desk.session, TaskLetter, rows)
    found = desk.session.exec(select(TaskLetter).where(col(TaskLetter.number).in_(numbers))).all()
    by_number = {letter.number: letter for letter in found}
    letters = [by_number[number] for number in numbers]
    _events(desk, letters, new, written, templates)
    return letters


def _numbers(desk: Desk, count: int) -> list[str]:
    year = desk.now.astimezone(desk.zone).year
    form = desk.stationery.form(KIND)
    taken = bulk.take_numbers(desk.session, series(form, year=year), count)
    return [form.format(year=year, n=n) for n in taken]


def about(unit: str, *, year: int, edition: int) -> str:
    """What a paper of a letter is about."""
    return f"task_letter:{year}:{unit}:{edition}"


def _paper(desk: Desk, one: ToWrite, content: Content, templates: dict[str, str]) -> dict[str, Any]:
    return {
        "number": content["number"],
        "kind": KIND,
        "issue_id": None,
        "round_id": None,
        "about": about(one.unit.code, year=one.year, edition=one.edition),
        "unit_code": one.unit.code,
        "cycle": 0,
        "step": "",
        "issued_at": desk.now,
        "issued_by": desk.by.code,
        "content": content,
        "content_sha256": content_hash(content),
        **templates,
    }


def _letter(desk: Desk, one: ToWrite, number: str, climb_due_at: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "year": one.year,
        "unit_code": one.unit.code,
        "edition": one.edition,
        "row_count": len(one.rows),
        "rows_sha256": rows_hash(one.rows),
        "issued_at": desk.now,
        "issued_by": desk.by.code,
        "issued_as": one.office,
        "sign_due_at": one.sign_due_at,
        "climb_due_at": climb_due_at,
    }


def _replace(desk: Desk, new: Sequence[ToWrite]) -> None:
    """The letters before are replaced; who, when and that stays on record."""
    numbers = [one.replaces for one in new if one.replaces]
    if numbers:
        given = {"numbers": numbers, "now": desk.now, "who": desk.by.code, "act": LetterAct.REPLACED.value}
        desk.session.connection().execute(_REPLACE, given)
        desk.session.expire_all()


def _events(
    desk: Desk,
    letters: Sequence[TaskLetter],
    new: Sequence[ToWrite],
    written: Sequence[Content],
    templates: dict[str, str],
) -> None:
    """The hash of everything printed stands with the event, so that a paper that was altered is found out."""
    rows = [
        {
            "letter_id": letter.id,
            "act": LetterAct.ISSUED,
            "who": desk.by.code,
            "at": desk.now,
            "facts": {
                "paper_number": letter.number,
                "paper_sha256": content_hash(content),
                **{f"paper_{name}": sha256 for name, sha256 in templates.items()},
                "replaces": one.replaces,
                "rows": len(one.rows),
            },
        }
        for letter, one, content in zip(letters, new, written, strict=True)
    ]
    bulk.insert(desk.session, TaskLetterEvent, rows)


_REPLACE = text("""
WITH gone AS (
  UPDATE task_letter SET replaced_at = :now WHERE number = ANY(:numbers) AND replaced_at IS NULL RETURNING id)
INSERT INTO task_letter_event (letter_id, act, who, at, facts) SELECT id, :act, :who, :now, '{}' FROM gone
""")
