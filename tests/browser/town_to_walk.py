"""A small city with something on every page, for who walks them all."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from sqlmodel import Session, select

from models.accountability import Measure, MeasureKind
from models.audit import Round, Sheet
from models.evidence import EvidenceFlag
from models.hook import HookAttempt, Told
from models.publication import PublicationKind
from models.rights import SYSTEM
from models.survey import Audience, SurveySign
from runtime import clock
from runtime.settings import Settings
from services import bulk, hooks, issues, publications, requests, saved_views, sessions
from services.accountability.rounds import every_night
from services.bulletins.periods import period_before
from services.bulletins.samples import sample
from services.hooks import Made, Wish
from services.hooks_calling import Answered
from services.hooks_matching import match
from services.hooks_settling import attempt_row
from services.patrols.planning import plan
from services.scores import formula, recording
from services.scores.publishing import draft_round
from services.sessions import Method
from services.surveys import answering, signs
from services.surveys.answering import Said
from tests.cast import DIRECT, DUTY, HANDLER, INSPECTOR, MONDAY, OFFICE, an_issue, read, who
from tests.services.evidence.handed import hand_in, looked, pieces
from tests.services.evidence.pictures import photo
from tests.services.filing.cabinet import an_item
from tests.services.filing.cabinet import hand_in as file_in
from tests.services.hooks.desk import KEYS, admin
from tests.services.instructions.office import an_instruction
from tests.services.ranking.desk import appealed, drafted, number_of, october
from tests.services.scores.facts import a_round
from tests.services.surveys.field import GOOD, a_field, a_survey, ask, places_of
from tests.services.tasks.desk import issued, task_of
from tests.stages import once
from tests.web.link_desk import link, set_clock
from tests.web.test_outbox import a_link, lost
from web.login import COOKIE

AUDIT = {"kind": "covert", "area": "5103", "points": "3", "inspector": INSPECTOR, "seed": "7", "key": "one-page"}


@dataclass(frozen=True)
class Walk:
    """What stands in addresses."""

    number: str
    asked: str
    version: int
    photo: int
    flag: int
    link: str
    outbox: str
    round: str
    sheet: int
    hook: int
    bulletin: int
    case: str
    appeal: int
    survey: str
    place: int
    reply: int
    sign: str
    material: int
    scored: str
    formula: str
    measure: int
    instruction: int
    letter: str

    def at(self, path: str) -> str:
        return path.format(**vars(self))


def secret_of(session: Session, person: str) -> str:
    """A session of somebody, opened now."""
    now = clock.true_now(session)
    token = sessions.open_session(session, person, method=Method.DEMO, device="test", now=now)
    session.commit()
    return token


def furnish(session: Session, home: Path, page: str) -> Walk:
    """Issues in several states, evidence with a flag, requests, a saved view, an audit, a message that was lost."""
    walk = once("a town to walk", session, home, lambda: _furnish(session, home, page))
    set_clock(session)
    return walk


def _furnish(session: Session, home: Path, page: str) -> Walk:
    set_clock(session)
    hook = _hook(session)
    done, asked = _issues(session, home)
    lost(session)
    round_ = _audit(session, page)
    flag = session.exec(select(EvidenceFlag)).first()
    case, appeal = _ranked(session)
    return Walk(
        number=read(session, done).number,
        asked=read(session, asked).number,
        version=read(session, asked).version,
        photo=pieces(session, done)[0].id or 0,
        flag=(flag.id if flag else 0) or 0,
        link=link(session, home, "sign_in", asked),
        outbox=a_link(session, Settings(home=home), DUTY),
        round=round_.number,
        sheet=session.exec(select(Sheet.id).where(Sheet.point_code == "P-0001")).first() or 0,
        hook=_told(session, hook),
        bulletin=_bulletin(session, pieces(session, done)[0].id or 0),
        case=case,
        appeal=appeal,
        **_surveyed(session),
        material=_filed(session),
        scored=_scored(session),
        formula=formula.in_force(session).version,
        **_held_to_account(session),
        letter=_lettered(session),
    )


def _lettered(session: Session) -> str:
    """The second edition of a task letter, with something changed."""
    issued(session)
    task_of(session, "P-0001").person_code = HANDLER
    session.commit()
    return quote(issued(session, "D-CGJ")[0].number)


def _issues(session: Session, home: Path) -> tuple[int, int]:
    folder = home / "evidence"
    folder.mkdir(exist_ok=True)
    done, asked = an_issue(session, state="rectifying"), an_issue(session, state="assigned")
    an_issue(session, description="垃圾桶满溢，周边有散落垃圾，" * 6)
    hand_in(session, folder, done, photo(1, lat=30.1, lng=104.2))
    looked(session, folder, done)
    issues.comment(session, issue_ids=[done], by=who(session, DIRECT), now=MONDAY, text="请尽快处理")
    ask = {"issue_ids": [asked], "by": who(session, HANDLER), "now": MONDAY, "reason": "连日下雨"}
    requests.ask_extension(session, **ask, amount="2 working_days")
    saved_views.save_view(session, OFFICE, name="逾期", query="overdue=1", now=MONDAY)
    session.commit()
    return done, asked


def _audit(session: Session, page: str) -> Round:
    cookies = {COOKIE: secret_of(session, OFFICE)}
    answer = httpx.post(f"{page}audits/new", data=AUDIT, cookies=cookies, trust_env=False)
    assert answer.status_code == 303, answer.text
    return session.exec(select(Round)).one()


def _hook(session: Session) -> Made:
    wish = Wish(
        "城市驾驶舱", "https://hooks.example.org/duban?token=long-enough-to-wrap-on-a-phone", ("issue.*", "audit.*")
    )
    made = hooks.make(session, wish, by=admin(session), keys=KEYS, networks=(), now=MONDAY)
    session.commit()
    return made


def _bulletin(session: Session, photo_: int) -> int:
    """A draft with something in every part."""
    kind = PublicationKind.WEEKLY
    first, last = period_before(kind, MONDAY.date())
    content = sample(kind)
    content["pairs"] = [{**pair, "before": photo_, "after": photo_} for pair in content["pairs"]]
    given = {"area_code": "5103", "period_from": first, "period_to": last, "content": content}
    row = publications.draft(session, kind=kind, by=SYSTEM, now=MONDAY, **given)
    session.commit()
    return row.id or 0


def _told(session: Session, made: Made) -> int:
    """Events wait, and there were tries."""
    key = made.hook.id or 0
    match(session, now=MONDAY)
    for answered in (Answered(Told.OK, 204, 12), Answered(Told.DOWN, 503, 9876, "<html>Service unavailable " * 6)):
        row = attempt_row(key, "issue-1", "issue.find", "ZG-2026-000001", answered, MONDAY)
        bulk.insert(session, HookAttempt, [row])
    session.commit()
    return key


def _ranked(session: Session) -> tuple[str, int]:
    """The draft of October's appraisal: a case that may still be appealed against, and an appeal against another."""
    one, other, _ = october(session, closed=3, open_=0)
    drafted(session)
    return number_of(session, one), appealed(session, other, now=MONDAY).id or 0


def _scored(session: Session) -> str:
    """A round with its results, the draft of its score, an entry of the negative list and an incident."""
    number, office = a_round(session), who(session, OFFICE)
    draft_round(session, number, by=office, now=MONDAY)
    told = {"on": MONDAY.date(), "evidence": "通报〔2026〕1号", "why": "核查属实", "by": office, "now": MONDAY}
    recording.record_hit(session, code="media_exposure", area_code="5103", **told)
    recording.record_incident(session, code="faking", unit_code="D-CGJ", **told)
    session.commit()
    return number


def _surveyed(session: Session) -> dict[str, Any]:
    """A survey with interviews, answers of the public, and a sign that this browser has not answered yet."""
    a_field(session, communities=3)
    round_ = a_survey(session, places=4)
    places = places_of(session, round_)
    for n, audience in enumerate([Audience.HOUSEHOLD] * 6 + [Audience.RATER] * 2):
        reply = ask(session, places[0], key=str(n), audience=audience)
    signs.make_signs(session, round_, ["510302001"], by=who(session, OFFICE), now=MONDAY)
    sign = session.exec(select(SurveySign)).one()
    answering.answer(session, sign, Said(GOOD, "somebody"), device="another telephone", now=MONDAY)
    session.commit()
    return {"survey": round_.code, "place": places[0].id, "reply": reply.id, "sign": sign.key}


def _held_to_account(session: Session) -> dict[str, int]:
    """A yellow card to decide, an instruction to read, patrols of which some were missed."""
    for n in range(5):
        an_issue(session, state="rectifying", now=MONDAY - timedelta(days=20), description=f"路面破损{n}")
    every_night(session, now=MONDAY)
    for days in (14, 7, 0):
        plan(session, now=MONDAY - timedelta(days=days))
    session.commit()
    card = session.exec(select(Measure).where(Measure.kind == MeasureKind.YELLOW_CARD)).one()
    instruction = an_instruction(session)
    session.commit()
    return {"measure": card.id or 0, "instruction": instruction}


def _filed(session: Session) -> int:
    """Material that waits for its review, and more that is late."""
    an_item(session, "F-02", due_at=MONDAY - timedelta(days=3))
    key = an_item(session)
    file_in(session, key, note="含影像资料")
    session.commit()
    return key
