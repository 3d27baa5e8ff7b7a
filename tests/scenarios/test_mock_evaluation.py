"""A mock evaluation (模拟测评) of 316 points in 44 classes with 15 observations each, from the draw to the bulletin.

Source of the sizes: domain 1 [P7][P5]. Some sheets are filled on pages, the rest comes back in a workbook; a share is
looked at again; the round is published, its issues go to the units; its score and the week's bulletin are published
too. The draw is repeated when the points have changed.
"""

from collections import Counter
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Observation, Result, Round, RoundKind, Sheet
from models.issue import Issue, Source
from models.lifecycle import State
from models.message import Message, MessageState
from models.paper import Paper
from models.point import Point
from models.publication import Publication, PublicationKind
from models.standard import Category, Standard
from runtime import clock
from services import bulk
from services.audit_differences import agreements, differences
from services.audit_progress import progress
from services.audit_redraw import Outcome, redraw
from services.exports.audit_sheets import COLUMNS
from tests.cast import INSPECTOR, OFFICE, VERIFIER
from tests.web.conftest import client as client  # the application on this test's database
from tests.web.visitor import log_in

HEADQUARTERS = "R00020"
POINTS, CLASSES, ASKED, DRAWN = 420, 44, 15, 316
ON_PAGES = 4
FIELDS = {column.field: place for place, column in enumerate(COLUMNS)}
AREAS = ("510302001002001", "510302001002", "510303001001")
UNITS = ("D-CGJ", "D-SCJGJ", "T510303001")
FORM = {"kind": "mock_evaluation", "area": "5103", "points": str(DRAWN), "seed": "20261122", "key": "mock"}


@pytest.fixture
def town(city: Session) -> Session:
    """44 classes of 15 standards each; 420 points, unevenly over the classes and three places."""
    system = city.exec(select(Category.system_code)).first()
    version = city.exec(select(Standard.version_code)).first()
    classes = [f"K{n:02}" for n in range(CLASSES)]
    city.connection().execute(text("UPDATE point SET closed = true"))
    bulk.insert(city, Category, [{"code": c, "system_code": system, "name": f"类别{c}", "name_en": c} for c in classes])
    bulk.insert(city, Standard, [_standard(version, code, n) for code in classes for n in range(1, ASKED + 1)])
    bulk.insert(city, Point, [_point(n) for n in range(POINTS)])
    city.commit()
    return city


def _standard(version: str | None, category: str, n: int) -> dict[str, object]:
    given = {"version_code": version, "code": f"{category}-{n:02}", "category_code": category, "lead": "D-CGJ"}
    said = {"text": f"标准{n}", "text_en": "", "kind": "", "check_method": "目测", "evidence": "none"}
    return {**given, **said, "severity": "S4", "deduction": 1, "negative_list": False}


def _point(n: int) -> dict[str, object]:
    """Seven in each class, the others in the first twenty."""
    category = f"K{n % CLASSES if n < 7 * CLASSES else n % 20:02}"
    place = {"area_code": AREAS[n % 3], "lead_unit": UNITS[n % 3], "address": f"路{n}号"}
    return {
        "code": f"Q-{n:04}",
        "name": f"点位{n}",
        "category_code": category,
        **place,
        "lat": None,
        "lng": None,
        "closed": False,
        "sample": False,
    }


def is_fault(point: str, standard: str) -> bool:
    """One in forty, here and there."""
    return (int(point[2:]) * 31 + int(standard[-2:]) * 17) % 40 == 0


async def test_a_mock_evaluation_runs_from_the_draw_to_the_bulletin(
    town: Session, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    log_in(town, client, OFFICE)
    answer = await client.post("/audits/new", data={**FORM, "inspector": [INSPECTOR, VERIFIER]})
    assert answer.status_code == 303, answer.text[answer.text.find("<main") :][:3000]
    round_ = town.exec(select(Round)).one()
    await _drawn_in_proportion(town, round_)
    await _filled_on_pages(town, client, round_)
    await _filled_by_workbook(town, client, round_)
    town.refresh(round_)
    seen = progress(town, round_.number)
    faults = town.exec(select(Observation).where(Observation.result == Result.NOT_MET)).all()
    assert (round_.kind, seen.sheets, seen.filled, seen.observed) == (RoundKind.MOCK, DRAWN, DRAWN, DRAWN * ASKED)
    assert (round_.finished_at is not None, len(faults) > 80, town.exec(select(Issue)).all()) == (True, True, [])
    counted = await _looked_at_again(town, client, round_)
    await _published(town, client, round_, counted=len(faults) - 1)
    assert counted == len(faults) - 1
    await _handed_over(town, client, round_)
    await _scored(town, client, round_)
    await _in_the_bulletin(town, client, issues=counted)
    _drawn_again_when_all_has_changed(town, round_)


async def _drawn_in_proportion(town: Session, round_: Round) -> None:
    found = redraw(town, round_)
    assert (len(found.frame), len(found.drawn), found.outcome) == (POINTS, DRAWN, Outcome.SAME)
    there, drawn = Counter[str](), Counter[str]()
    for one in found.strata:
        there[one.category] += one.there
        drawn[one.category] += one.drawn
        assert abs(one.drawn - one.there * DRAWN / POINTS) < 1
    assert all(abs(drawn[code] - there[code] * DRAWN / POINTS) < 1 for code in there)
    sheets = Counter(town.exec(select(Sheet.inspector)).all())
    assert sheets == {INSPECTOR: DRAWN // 2, VERIFIER: DRAWN // 2}


async def _filled_on_pages(town: Session, client: httpx.AsyncClient, round_: Round) -> None:
    query = select(Sheet).where(Sheet.inspector == INSPECTOR).order_by(col(Sheet.position)).limit(ON_PAGES)
    log_in(town, client, INSPECTOR)
    for sheet in town.exec(query).all():
        given = {}
        category = town.get_one(Point, sheet.point_code).category_code
        for code in (f"{category}-{n:02}" for n in range(1, ASKED + 1)):
            bad = is_fault(sheet.point_code, code)
            given |= {f"result-{code}": "not_met" if bad else "met", f"note-{code}": "有问题" if bad else ""}
        answer = await client.post(f"/audits/{round_.number}/sheets/{sheet.id}", data=given)
        assert answer.status_code == 303, answer.text[answer.text.find("<main") :][:3000]


async def _filled_by_workbook(town: Session, client: httpx.AsyncClient, round_: Round) -> None:
    """Both inspectors take their sheets away and bring them back."""
    for inspector in (INSPECTOR, VERIFIER):
        log_in(town, client, inspector)
        book = load_workbook(BytesIO((await client.get(f"/audits/{round_.number}/sheets.xlsx")).content))
        for row in book.active.iter_rows(min_row=2):
            if row[FIELDS["result"]].value is None:
                bad = is_fault(row[FIELDS["point"]].value, row[FIELDS["standard"]].value)
                row[FIELDS["result"]].value = "不符合" if bad else "符合"
                row[FIELDS["note"]].value = "有问题" if bad else None
        await _handed_in(client, round_, book)


async def _handed_in(client: httpx.AsyncClient, round_: Round, book: object) -> None:
    written = BytesIO()
    book.save(written)
    files = {"file": ("检查表.xlsx", written.getvalue())}
    answer = await client.post(f"/audits/{round_.number}/results", files=files)
    assert answer.status_code == 303, answer.text[answer.text.find("<main") :][:3000]


async def _looked_at_again(town: Session, client: httpx.AsyncClient, round_: Round) -> int:
    """Ten per cent, by the other inspector, in a workbook; one fault is seen otherwise, and the office decides so."""
    log_in(town, client, OFFICE)
    share = {"share": "10", "seed": "5", "inspector": [INSPECTOR, VERIFIER]}
    assert (await client.post(f"/audits/{round_.number}/again", data=share)).status_code == 303
    again = town.exec(select(Sheet).where(col(Sheet.again_of).is_not(None))).all()
    assert len(again) == 32
    assert all(town.get_one(Sheet, one.again_of).inspector != one.inspector for one in again)
    spared = next(
        (one.point_code, code) for one in again for code in _codes(town, one) if is_fault(one.point_code, code)
    )
    for inspector in (INSPECTOR, VERIFIER):
        log_in(town, client, inspector)
        book = load_workbook(BytesIO((await client.get(f"/audits/{round_.number}/sheets.xlsx")).content))
        for row in book.active.iter_rows(min_row=2):
            here = row[FIELDS["point"]].value, row[FIELDS["standard"]].value
            if row[FIELDS["result"]].value is None:
                bad = is_fault(*here) and here != spared
                row[FIELDS["result"]].value = "不符合" if bad else "符合"
                row[FIELDS["note"]].value = "有问题" if bad else None
        await _handed_in(client, round_, book)
    (one,) = differences(town, round_)
    whole = agreements(town, round_).whole
    assert (one.point, one.standard, whole.compared, whole.same) == (*spared, 32 * ASKED, 32 * ASKED - 1)
    log_in(town, client, OFFICE)
    refused = await client.post(f"/audits/{round_.number}/publish")
    assert refused.status_code == 409
    way = f"/audits/{round_.number}/again/{one.first_id}"
    assert (await client.post(way, data={"look": "second", "why": "照片上没有问题"})).status_code == 303
    return progress(town, round_.number).not_met


def _codes(town: Session, sheet: Sheet) -> list[str]:
    category = town.get_one(Point, sheet.point_code).category_code
    return [f"{category}-{n:02}" for n in range(1, ASKED + 1)]


async def _published(town: Session, client: httpx.AsyncClient, round_: Round, *, counted: int) -> None:
    answer = await client.post(f"/audits/{round_.number}/publish")
    assert answer.headers["location"] == f"/audits/{round_.number}?issues={counted}"
    issues = town.exec(select(Issue)).all()
    assert Counter((one.source, one.state) for one in issues) == {(Source.MOCK, State.FOUND): counted}


async def _handed_over(town: Session, client: httpx.AsyncClient, round_: Round) -> None:
    """Every unit gets its issues, one numbered notice of all of them, and no post more than one message."""
    answer = await client.post(f"/audits/{round_.number}/dispatch")
    assert answer.status_code == 303, answer.text[answer.text.find("<main") :][:3000]
    town.expire_all()
    of_unit = Counter(one.lead_unit for one in town.exec(select(Issue)).all())
    papers = {paper.unit_code: paper for paper in town.exec(select(Paper)).all()}
    assert {unit: paper.content["count"] for unit, paper in papers.items()} == of_unit
    assert len({paper.number for paper in papers.values()}) == len(of_unit) > 1
    waiting = Message.state == MessageState.PENDING, col(Message.kind).in_(("assigned", "digest"))
    per_post = Counter(town.exec(select(Message.post_code).where(*waiting)).all())
    assert set(per_post.values()) == {1}


async def _scored(town: Session, client: httpx.AsyncClient, round_: Round) -> None:
    """The score is the mean of the classes' means, counted here a second time; what is published leads to its rows."""
    by_hand = _score_by_hand(town)
    log_in(town, client, OFFICE)
    assert (await client.post(f"/scores/rounds/{round_.number}/draft")).status_code == 303
    row = town.exec(select(Publication).where(Publication.kind == PublicationKind.ROUND_SCORES)).one()
    seen = {"seen": row.content_sha256}
    refused = await client.post(f"/scores/publications/{row.id}/approved", data=seen)
    assert "您起草" in refused.text
    for person, act in ((HEADQUARTERS, "approved"), (OFFICE, "published")):
        log_in(town, client, person)
        assert (await client.post(f"/scores/publications/{row.id}/{act}", data=seen)).status_code == 303
    page = (await client.get(f"/scores/rounds/{round_.number}")).text
    assert f"{by_hand.quantize(Decimal('0.01'), ROUND_HALF_UP)}" in page
    point = town.exec(
        select(Sheet.point_code).where(Sheet.round_id == round_.id, col(Sheet.again_of).is_(None))
    ).first()
    of_point = (await client.get(f"/scores/rounds/{round_.number}/points/{point}")).text
    category = town.get_one(Point, point).category_code
    assert all(f"{category}-{n:02}" in of_point for n in range(1, ASKED + 1))


def _score_by_hand(town: Session) -> Decimal:
    """Each standard is worth one point; what the office decided at the second look counts in place of the first."""
    query = text(
        "SELECT p.category_code, p.code, count(*) FILTER (WHERE o.result = 'not_met') FROM observation o"
        " JOIN sheet s ON s.id = o.sheet_id JOIN point p ON p.code = s.point_code WHERE o.counted GROUP BY 1, 2"
    )
    classes: dict[str, list[Fraction]] = {}
    for category, _point_code, faults in town.connection().execute(query):
        classes.setdefault(category, []).append(100 * (1 - Fraction(faults, ASKED)))
    assert (len(classes), sum(map(len, classes.values()))) == (CLASSES, DRAWN)
    mean = sum(sum(points) / len(points) for points in classes.values()) / len(classes)
    return Decimal(mean.numerator) / Decimal(mean.denominator)


async def _in_the_bulletin(town: Session, client: httpx.AsyncClient, *, issues: int) -> None:
    """The issues stand in their week's bulletin, unit by unit, each figure with its rows: page, Word and annex."""
    clock.forward(
        town, timedelta(days=7)
    )  # from any day to the week after: the one that ended last is that of the issues
    town.commit()
    log_in(town, client, OFFICE)
    answer = await client.post("/bulletins", data={"kind": "weekly", "area": "5103"})
    assert answer.status_code == 303, answer.text[answer.text.find("<main") :][:3000]
    town.expire_all()
    row = town.exec(select(Publication).where(Publication.kind == PublicationKind.WEEKLY)).one()
    assert row.content["total"]["assigned"] == issues
    assigned = {line["unit_code"]: line["assigned"] for line in row.content["units"]}
    given = Counter(one.lead_unit for one in town.exec(select(Issue)).all())
    assert {unit: n for unit, n in assigned.items() if n} == given
    seen = {"seen": row.content_sha256}
    for person, act in ((HEADQUARTERS, "approve"), (OFFICE, "publish")):
        log_in(town, client, person)
        done = await client.post(f"/bulletins/{row.id}/{act}", data=seen)
        assert done.status_code == 303, done.text[done.text.find("<main") :][:3000]
    unit, most = given.most_common()[-1]
    rows = (await client.get(f"/bulletins/{row.id}/rows?count=assigned&unit={unit}")).text
    numbers = [one.number for one in town.exec(select(Issue).where(Issue.lead_unit == unit)).all()]
    assert len(numbers) == most
    assert all(number in rows for number in numbers[:100])
    word = (await client.get(f"/bulletins/{row.id}/word")).content
    annex = load_workbook(BytesIO((await client.get(f"/bulletins/{row.id}/excel")).content), read_only=True)
    cells = {str(cell) for sheet in annex for line in sheet.iter_rows(values_only=True) for cell in line}
    assert {one.number for one in town.exec(select(Issue)).all()} <= cells
    assert word == (await client.get(f"/bulletins/{row.id}/word")).content
    assert word.startswith(b"PK")


def _drawn_again_when_all_has_changed(town: Session, round_: Round) -> None:
    town.connection().execute(text("UPDATE point SET closed = true WHERE code < 'Q-0100'"))
    town.connection().execute(text("UPDATE point SET area_code = :area WHERE code > 'Q-0300'"), {"area": AREAS[0]})
    bulk.insert(town, Point, [{**_point(n), "code": f"R-{n:04}"} for n in range(50)])
    town.commit()
    found = redraw(town, round_)
    assert (found.outcome, len(found.drawn), found.missing, found.extra) == (Outcome.SAME, DRAWN, [], [])
    assert clock.true_now(town) >= round_.created_at
