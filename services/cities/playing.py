"""One step of a sample story, done by whoever may do it, through the one door."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.closing import missing_conditions
from models.errors import NotFound
from models.issue import Issue, RequestKind
from models.lifecycle import State
from models.routing import territorial_unit
from models.rules import Rules
from services import evidence, issues, requests, rulebook
from services.cities.cast import Cast
from services.cities.rows import StoryStep
from services.cities.sample_photo import sample_photo
from services.cities.sweep_playing import play_sweep
from services.evidence import Place

WHY_EXTEND = "工程量较大，申请延长时限"
WHY_SHELVE = "需列入项目计划或等待季节，申请挂账"
CALLED_BACK = "电话回访，群众表示满意"
REPLY = "已按督办要求完成整改，特此回复"


class Player:
    """Plays steps on one database."""

    def __init__(self, session: Session, *, evidence_dir: Place) -> None:
        self.session = session
        self.cast = Cast(session)
        self._evidence_dir = evidence_dir
        self._led: dict[int, list[str]] = {}

    def play(self, step: StoryStep, *, issue_id: int, found_at: datetime, now: datetime) -> None:
        """Do it. Raises what the door raises."""
        issue = self.session.get(Issue, issue_id)
        if issue is None:
            raise NotFound(what="issue", code=issue_id)
        if step.action == "shelve":
            self._shelve(issue, now, found_at + timedelta(days=float(step.argument)))
        else:
            ACTIONS[step.action](self, issue, now, step.argument)

    def photo(self, name: str, kind: str, *, now: datetime) -> Mapping[str, Any]:
        """A generated picture in the evidence store, as the door wants it."""
        data = sample_photo(f"{name} {kind}")
        sha256 = evidence.store(self._evidence_dir, data)
        file_name = f"sample-{name}-{kind}.png"
        about = {"file_name": file_name, "media_type": "image/png", "size": len(data), "taken_at": now}
        return {"kind": kind, "sha256": sha256, **about}

    def _rules(self, issue: Issue) -> Rules:
        return rulebook.rules(self.session, issue.rule_set_code or "")

    def _assign(self, issue: Issue, now: datetime, _: str) -> None:
        by = self.cast.dispatcher(issue, now=now)
        issues.assign(self.session, issue_ids=[_id(issue)], by=by, now=now, to=self._next_lead(issue))

    def _next_lead(self, issue: Issue) -> str | None:
        """Nobody named at first, so the suggestion holds; after a return the street, then the district."""
        led = self._led.get(_id(issue), [])
        if not led:
            return None
        above = (territorial_unit(issue.area_path, level) for level in (3, 2, 4))
        return next((unit for unit in above if unit and unit not in led), None)

    def _sign_in(self, issue: Issue, now: datetime, _: str) -> None:
        by = self.cast.handler(issue, now=now)
        issues.sign_in(self.session, issue_ids=[_id(issue)], by=by, now=now)

    def _return(self, issue: Issue, now: datetime, reason: str) -> None:
        self._led.setdefault(_id(issue), []).append(issue.lead_unit or "")
        by = self.cast.handler(issue, now=now)
        issues.give_back(self.session, issue_ids=[_id(issue)], by=by, now=now, reason=reason)

    def _submit(self, issue: Issue, now: datetime, result: str) -> None:
        photo = self.photo(f"{issue.external_ref}-{issue.cycle}-{issue.rework}", "after", now=now)
        by = self.cast.handler(issue, now=now)
        issues.submit(self.session, issue_ids=[_id(issue)], by=by, now=now, result=result, evidence=[photo])

    def _pass(self, issue: Issue, now: datetime, _: str) -> None:
        by = self.cast.verifier(issue, now=now)
        issues.pass_verification(self.session, issue_ids=[_id(issue)], by=by, now=now)

    def _fail(self, issue: Issue, now: datetime, reason: str) -> None:
        by = self.cast.verifier(issue, now=now)
        issues.fail_verification(self.session, issue_ids=[_id(issue)], by=by, now=now, reason=reason)

    def _close(self, issue: Issue, now: datetime, _: str) -> None:
        """Supply what is still missing, then close; where nothing was missing the system has closed it already."""
        if issue.state == State.CLOSED:
            return
        dispatcher, ids = self.cast.dispatcher(issue, now=now), [_id(issue)]
        missing = missing_conditions(
            issue, rules=self._rules(issue), evidence=frozenset({"after"}), evidence_wanted=True
        )
        if "call_back" in missing:
            issues.call_back(self.session, issue_ids=ids, by=dispatcher, now=now, answer="satisfied", note=CALLED_BACK)
        if "supervision_reply" in missing:
            handler = self.cast.handler(issue, now=now)
            issues.reply_order(self.session, issue_ids=ids, by=handler, now=now, reply=REPLY)
        if "same_fault_sweep" in missing:
            handler = self.cast.handler(issue, now=now)
            play_sweep(self.session, issue, handler=handler, dispatcher=dispatcher, now=now)
        issues.close_out(self.session, issue_ids=ids, by=dispatcher, now=now)

    def _reopen(self, issue: Issue, now: datetime, reason: str) -> None:
        by = self.cast.dispatcher(issue, now=now)
        issues.reopen(self.session, issue_ids=[_id(issue)], by=by, now=now, reason=reason)

    def _void(self, issue: Issue, now: datetime, reason: str) -> None:
        by = self.cast.dispatcher(issue, now=now)
        issues.void(self.session, issue_ids=[_id(issue)], by=by, now=now, reason=reason)

    def _comment(self, issue: Issue, now: datetime, text: str) -> None:
        who = self.cast.handler if issue.lead_unit else self.cast.dispatcher
        issues.comment(self.session, issue_ids=[_id(issue)], by=who(issue, now=now), now=now, text=text)

    def _resume(self, issue: Issue, now: datetime, _: str) -> None:
        by = self.cast.handler(issue, now=now)
        issues.resume(self.session, issue_ids=[_id(issue)], by=by, now=now)

    def _ask_extension(self, issue: Issue, now: datetime, _: str) -> None:
        most = self._rules(issue).severity(issue.severity).extension.most
        by = self.cast.handler(issue, now=now)
        requests.ask_extension(
            self.session, issue_ids=[_id(issue)], by=by, now=now, reason=WHY_EXTEND, amount=str(most or "")
        )

    def _grant_extension(self, issue: Issue, now: datetime, _: str) -> None:
        by = self.cast.approver(issue, self._rules(issue), now=now)
        requests.grant(self.session, issue_ids=[_id(issue)], by=by, now=now, kind=RequestKind.EXTENSION)

    def _shelve(self, issue: Issue, now: datetime, milestone: datetime) -> None:
        handler, ids = self.cast.handler(issue, now=now), [_id(issue)]
        requests.ask_shelving(self.session, issue_ids=ids, by=handler, now=now, reason=WHY_SHELVE, milestone=milestone)
        by = self.cast.approver(issue, self._rules(issue), now=now)
        requests.grant(self.session, issue_ids=ids, by=by, now=now, kind=RequestKind.SHELVING)


ACTIONS: Mapping[str, Callable[[Player, Issue, datetime, str], None]] = {
    "assign": Player._assign,
    "sign_in": Player._sign_in,
    "return": Player._return,
    "submit": Player._submit,
    "pass": Player._pass,
    "fail": Player._fail,
    "close": Player._close,
    "reopen": Player._reopen,
    "void": Player._void,
    "comment": Player._comment,
    "resume": Player._resume,
    "extend_ask": Player._ask_extension,
    "extend_grant": Player._grant_extension,
}


def _id(issue: Issue) -> int:
    assert issue.id is not None
    return issue.id
