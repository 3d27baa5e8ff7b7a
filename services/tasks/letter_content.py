"""What stands on a task letter, frozen: the unit's rows by class, and what changed since the letter before."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models import terms
from models.paper import PaperKind
from models.unit import Post, Unit
from services.papers.content import LEADERS, Content, Desk
from services.papers.words import PROVISIONAL, clean, day, moment
from services.people import city_day
from services.tasks.changes import Difference, as_written
from services.tasks.table import IN_FORCE, TaskRow

KIND = PaperKind.TASK_LETTER
HEADINGS = {
    "point": "点位名称",
    "place": "所在地",
    "address": "详细位置",
    "person": "责任人",
    "campaign": "攻坚行动",
}


@dataclass(frozen=True)
class ToWrite:
    """One letter that is to be issued. `office`: the post that issues it."""

    unit: Unit
    area_path: str
    year: int
    edition: int
    rows: Sequence[TaskRow]
    replaces: str
    since: Difference
    office: str
    sign_due_at: datetime
    provisional: bool


def contents(desk: Desk, letters: Sequence[ToWrite]) -> list[Content]:
    """What each of them says; names are read once for all."""
    today = city_day(desk.session, desk.now)
    people = _people(desk.session, [one.unit.code for one in letters], today=today)
    offices = _titles(desk.session, sorted({one.office for one in letters}))
    standards = _standards(desk.session, today)
    issuer = _names(desk.session, desk.by.code)
    return [
        {
            **_head(desk, one, people=people.get(one.unit.code, {}), office=offices.get(one.office, ""), by=issuer),
            **_rows(one, standards),
        }
        for one in letters
    ]


def _head(desk: Desk, one: ToWrite, *, people: Mapping[str, str], office: str, by: str) -> Content:
    due = moment(one.sign_due_at, zone=desk.zone) + (PROVISIONAL if one.provisional else "")
    return {
        "kind": KIND.value,
        "title": terms.term(terms.PAPERS, KIND, "zh-CN"),
        "title_en": terms.term(terms.PAPERS, KIND, "en").capitalize(),
        "city": clean(desk.city.name),
        "office": office or f"{clean(desk.city.name)}创建办",
        "unit": clean(one.unit.name),
        "people": {post.value: people.get(post.value, "") for post in LEADERS},
        "issued_on": day(desk.now, zone=desk.zone),
        "issued_by": by,
        "contact": clean(desk.stationery.contact),
        "phone": clean(desk.stationery.phone),
        "number": "",
        "year": one.year,
        "edition": one.edition,
        "replaces": one.replaces,
        "sign_due": due,
        "assisting_codes": [],
        "area_path": one.area_path,
        "point_code": None,
    }


def _rows(one: ToWrite, standards: Mapping[str, int]) -> Content:
    rows = [{**_clean(row), "n": n} for n, row in enumerate(one.rows, start=1)]
    classes = []
    for (code, name), those in groupby(rows, key=lambda row: (row["category_code"], row["category"])):
        several = list(those)
        classes.append(
            {"code": code, "name": name, "count": len(several), "standards": standards.get(code, 0), "rows": several}
        )
    return {"rows": [asdict(row) for row in one.rows], "classes": classes, "count": len(rows), **_since(one)}


def _since(one: ToWrite) -> dict[str, Any]:
    written = as_written(one.since)
    changed = [{**_clean(row), "heading": HEADINGS[row["column"]]} for row in written["changed"]]
    kept = {"added": [_clean(row) for row in written["added"]], "gone": [_clean(row) for row in written["gone"]]}
    return {"changes": {**kept, "changed": changed}}


def _clean(row: TaskRow | Mapping[str, Any]) -> dict[str, Any]:
    values = asdict(row) if isinstance(row, TaskRow) else row
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _people(session: Session, units: Sequence[str], *, today: date) -> Mapping[str, Mapping[str, str]]:
    """Who holds the posts of each unit today, by kind of post."""
    found: dict[str, dict[str, str]] = {}
    asked = {"units": list(units), "kinds": [kind.value for kind in LEADERS], "today": today}
    for unit, kind, names in session.connection().execute(_HOLDERS, asked):
        found.setdefault(unit, {})[kind] = clean(names)
    return found


def _titles(session: Session, posts: Sequence[str]) -> dict[str, str]:
    rows = session.exec(select(Post.code, Post.title).where(col(Post.code).in_(posts)))
    return {code: clean(title) for code, title in rows}


def _standards(session: Session, today: date) -> dict[str, int]:
    """How many standards each class is held to, in the editions in force."""
    return dict(session.connection().execute(_HELD_TO, {"day": today}).tuples().all())


def _names(session: Session, code: str) -> str:
    found = session.connection().execute(text("SELECT name FROM person WHERE code = :code"), {"code": code}).scalar()
    return clean(found) or code


_HOLDERS = text("""
SELECT p.owner_code, p.kind, string_agg(w.name, '、' ORDER BY t.id)
  FROM post p JOIN tenure t ON t.post_code = p.code JOIN person w ON w.code = t.person_code
 WHERE p.owner_kind = 'unit' AND p.owner_code = ANY(:units) AND p.kind = ANY(:kinds)
   AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)
 GROUP BY 1, 2
""")
_HELD_TO = text(f"""
SELECT category_code, count(*)::int FROM standard WHERE version_code IN ({IN_FORCE}) GROUP BY 1
""")
