"""A small city in which much of issue 6 waits for somebody: what each page offers there is tried by whoever sees it."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, select

from models.accountability import MeasureKind
from models.audit import Result
from models.issue import Issue
from services.accountability.by_hand import Proposed, propose
from services.accountability.deciding import approve
from services.accountability.rounds import every_night
from services.audit_rechecks import draw_again
from services.bulletins.drafting import draft as draft_bulletin
from services.patrols.planning import plan
from services.scores import recording
from services.scores.publishing import draft_round, draft_year
from services.surveys import signs
from tests.cast import HANDLER, MONDAY, OFFICE, VERIFIER, an_issue, who
from tests.services.accountability.shorthand import HEADQUARTERS, STATIONERY
from tests.services.audits import rounds
from tests.services.bulletins.desk import HALF_MONTH
from tests.services.filing.cabinet import an_item, hand_in
from tests.services.instructions.office import an_instruction
from tests.services.ranking import desk as ranking
from tests.services.scores.facts import a_round
from tests.services.surveys.field import a_field, a_survey, places_of
from tests.services.tasks.desk import issued
from tests.web.link_desk import set_clock

REASON = "多次督促未果"


def furnish(session: Session) -> list[str]:
    """The addresses of its pages."""
    found = [*_published(session), *_measures(session), *_asked(session), *_audited(session)]
    set_clock(session)
    session.commit()
    return found


def _published(session: Session) -> list[str]:
    """Drafts of one and the same office, and one of the timer; an appeal that is decided, one that waits."""
    office = who(session, OFFICE)
    key, other, *_ = ranking.october(session, closed=3, open_=1)
    ranking.drafted(session)
    appeal = ranking.appealed(session, key, now=MONDAY)
    number = a_round(session)
    draft_round(session, number, by=office, now=MONDAY)
    draft_year(session, 2026, system="civilised_city", by=office, now=MONDAY)
    bulletin = draft_bulletin(session, HALF_MONTH, on=MONDAY.date(), by=office, now=MONDAY).publication
    told = {"on": MONDAY.date(), "evidence": "通报〔2026〕1号", "why": "核查属实", "by": office, "now": MONDAY}
    recording.record_incident(session, code="faking", unit_code="D-CGJ", **told)
    unit = "/ranking/2026-10/units/D-CGJ"
    case = session.get_one(Issue, other).number
    return [
        *("/ranking", "/ranking/2026-10?draft=1", f"{unit}?draft=1", f"{unit}/appeal/{case}?draft=1"),
        *("/appeals", f"/appeals/{appeal.id}", "/ranking/2026-09"),
        *(f"/scores/rounds/{number}?draft=1", "/scores/years/2026?system=civilised_city&draft=1", "/scores/records"),
        *("/bulletins", f"/bulletins/{bulletin.id}", f"/bulletins/{bulletin.id}/edit"),
    ]


def _measures(session: Session) -> list[str]:
    """A card of a rule, an interview that the office proposed, a proposal that waits for its second person."""
    for n in range(5):
        an_issue(session, state="rectifying", now=MONDAY - timedelta(days=20), description=f"路面破损{n}")
    every_night(session, now=MONDAY)
    number = session.exec(select(Issue.number).where(Issue.description == "路面破损0")).one()
    for n, (kind, by) in enumerate(((MeasureKind.INTERVIEW, OFFICE), (MeasureKind.PROPOSAL, OFFICE))):
        made = propose(session, Proposed(kind, "D-CGJ", REASON, [number], str(n)), by=who(session, by), now=MONDAY)
    approve(session, made.id or 0, by=who(session, HEADQUARTERS), now=MONDAY, seen=1, stationery=STATIONERY)
    return ["/accountability", "/accountability/new", *(f"/accountability/{made.id - n}" for n in range(3))]


def _asked(session: Session) -> list[str]:
    """Letters, material in two states, a survey, patrols, an instruction."""
    letter, *_ = issued(session)
    missing, submitted = an_item(session), an_item(session, "F-02")
    hand_in(session, submitted)
    a_field(session, communities=3)
    survey = a_survey(session, places=4)
    signs.make_signs(session, survey, ["510302001"], by=who(session, OFFICE), now=MONDAY)
    plan(session, now=MONDAY)
    key = an_instruction(session, addressees=["R00009", HANDLER])
    place = places_of(session, survey)[0].id
    return [
        *("/tasks", "/tasks/letters", f"/tasks/letters/{letter.number}", "/tasks/letters/issue"),
        *("/filing", f"/filing/{missing}", f"/filing/{submitted}"),
        *("/surveys", f"/surveys/{survey.code}", f"/surveys/{survey.code}/places/{place}"),
        *(f"/surveys/{survey.code}/signs", "/patrols", "/instructions", f"/instructions/{key}", "/instructions/new"),
    ]


def _audited(session: Session) -> list[str]:
    """A held round on which two looks differ."""
    round_ = rounds.started(session)
    rounds.filled(session, round_)
    by = who(session, OFFICE)
    draw_again(session, round_.number, share=100, seed=3, inspectors=(VERIFIER,), by=by, now=MONDAY)
    rounds.fill(session, round_, "P-0001", rounds.GOOD, replace(rounds.BAD, result=Result.MET, note=""), again=True)
    return [f"/audits/{round_.number}", f"/audits/{round_.number}/again", "/desk", "/desk/errands"]
