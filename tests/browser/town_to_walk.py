"""A small city with something on every page, for who walks them all."""

from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlmodel import Session, select

from models.audit import Round, Sheet
from models.evidence import EvidenceFlag
from models.hook import HookAttempt, Told
from runtime import clock
from runtime.settings import Settings
from services import bulk, hooks, issues, requests, saved_views, sessions
from services.hooks import Made, Wish
from services.hooks_calling import Answered
from services.hooks_matching import match
from services.hooks_settling import attempt_row
from services.sessions import Method
from tests.cast import DIRECT, DUTY, HANDLER, INSPECTOR, MONDAY, OFFICE, an_issue, read, who
from tests.services.evidence.handed import hand_in, looked, pieces
from tests.services.evidence.pictures import photo
from tests.services.hooks.desk import KEYS, admin
from tests.web.link_desk import link, set_clock
from tests.web.test_outbox import a_link, lost
from web.login import COOKIE

AUDIT = {"kind": "covert", "area": "5103", "points": "2", "inspector": INSPECTOR, "seed": "7", "key": "one-page"}


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
    set_clock(session)
    hook = _hook(session)
    done, asked = _issues(session, home)
    lost(session)
    round_ = _audit(session, page)
    flag = session.exec(select(EvidenceFlag)).first()
    return Walk(
        number=read(session, done).number,
        asked=read(session, asked).number,
        version=read(session, asked).version,
        photo=pieces(session, done)[0].id or 0,
        flag=(flag.id if flag else 0) or 0,
        link=link(session, home, "sign_in", asked),
        outbox=a_link(session, Settings(home=home), DUTY),
        round=round_.number,
        sheet=session.exec(select(Sheet.id).where(Sheet.round_id == round_.id)).first() or 0,
        hook=_told(session, hook),
    )


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


def _told(session: Session, made: Made) -> int:
    """Events wait, and there were tries."""
    key = made.hook.id or 0
    match(session, now=MONDAY)
    for answered in (Answered(Told.OK, 204, 12), Answered(Told.DOWN, 503, 9876, "<html>Service unavailable " * 6)):
        row = attempt_row(key, "issue-1", "issue.find", "ZG-2026-000001", answered, MONDAY)
        bulk.insert(session, HookAttempt, [row])
    session.commit()
    return key
