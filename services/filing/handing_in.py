"""Handing in material and reviewing it. Where an issue stands for it, that goes along in the same transaction.

The issue itself is not worked on at its own page (models/filing.py, services/decisions): its proof is the material, and
its verification the review. Both are done by the same person, at once or not at all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import MissingInput, NotFound, WrongValue
from models.filing import FROM, TO, FilingAct, FilingEvent, FilingFile, FilingItem
from models.issue import EvidenceKind, Issue
from models.lifecycle import Action, State
from models.permissions import Right, held, must_hold
from models.rights import SYSTEM, Actor, units_of
from models.unit import Person, Unit
from services import bulk, uploads
from services.commands import Command
from services.filing.errors import FilingNotPossible, MaterialChanged, NoFile, NotTheReviewer, OwnMaterial
from services.filing.messages import tell_reviewer, tell_unit
from services.rulebook import the_city
from services.transition import apply

LONGEST = 2000
ON_THE_WAY: Mapping[State, tuple[Action, ...]] = {
    State.FOUND: (Action.ASSIGN, Action.SIGN_IN, Action.SUBMIT),
    State.ASSIGNED: (Action.SIGN_IN, Action.SUBMIT),
    State.SHELVED: (Action.RESUME, Action.SUBMIT),
    State.RECTIFYING: (Action.SUBMIT,),
    State.RECTIFIED: (Action.ATTACH,),
}
"""What handing in does to an issue, by where that stands."""


def submit(
    session: Session,
    item_id: int,
    *,
    keys: Sequence[str],
    note: str = "",
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: str | None = None,
) -> FilingItem:
    """The unit hands in material: uploads that are finished, by their keys. The caller commits.

    Raises NotFound, ActionNotAllowed, FilingNotPossible, MaterialChanged, NoFile, WrongValue, and what the door of
    issues raises.
    """
    item = hold(session, item_id)
    must_hold(by, Right.FILE_MATERIAL, city=the_city(session).code, unit=item.unit_code)
    if key and _done(session, item, key):
        return item
    _check(item, FilingAct.SUBMITTED, version)
    pieces = uploads.pieces(session, keys, by=by.code, kind=EvidenceKind.OTHER, now=now)
    if not pieces:
        raise NoFile()
    note = _words(note, needed=False)
    event = _event(session, item, FilingAct.SUBMITTED, by=by.code, why=note, now=now, key=key)
    bulk.insert(session, FilingFile, [_file(piece, event) for piece in _once(pieces)])
    took_along = _forward(session, item, pieces, note=note, by=by, now=now)
    _set(session, item, FilingAct.SUBMITTED, submitted_at=now, submitted_by=by.code)
    if not took_along:
        tell_reviewer(session, item, area_path=area_path(session, item), now=now)
    return item


def accept(
    session: Session, item_id: int, *, note: str = "", by: Actor, now: datetime, version: int | None = None
) -> FilingItem:
    """The reviewer takes it as good. An issue that stands for it is verified, and closes by itself. Caller commits.

    Raises NotFound, ActionNotAllowed, FilingNotPossible, MaterialChanged, NotTheReviewer, OwnMaterial.
    """
    item = _reviewed(session, item_id, FilingAct.ACCEPTED, by=by, version=version)
    note = _words(note, needed=False)
    _event(session, item, FilingAct.ACCEPTED, by=by.code, why=note, now=now)
    if issue := _issue(session, item, State.RECTIFIED):
        _act(session, issue, Action.PASS, by, now, note=note)
    return _set(session, item, FilingAct.ACCEPTED, reviewed_at=now, reviewed_by=by.code)


def give_back(
    session: Session, item_id: int, *, why: str, by: Actor, now: datetime, version: int | None = None
) -> FilingItem:
    """The reviewer returns it, with a reason. An issue that stands for it fails its check. Raises as `accept`."""
    item = _reviewed(session, item_id, FilingAct.RETURNED, by=by, version=version)
    why = _words(why, needed=True)
    _event(session, item, FilingAct.RETURNED, by=by.code, why=why, now=now)
    issue = _issue(session, item, State.RECTIFIED)
    _set(session, item, FilingAct.RETURNED, reviewed_at=now, reviewed_by=by.code)
    if issue:
        _act(session, issue, Action.FAIL, by, now, reason=why)
    else:
        tell_unit(session, item, why=why, area_path=area_path(session, item), now=now)
    return item


def take_back(
    session: Session, item_id: int, *, why: str, by: Actor, now: datetime, version: int | None = None
) -> FilingItem:
    """What was accepted turns out not to do, such as by word of a superior: it is wanted again. Raises as `accept`.

    The office that keeps the list may, too. The next round makes another issue of it, as of any material that is
    missing; the one that is closed stays closed.
    """
    item = hold(session, item_id)
    path = area_path(session, item)
    city = the_city(session).code
    if not held(by, Right.MANAGE_FILING, city=city).covers(area_path=path):
        _must_review(session, item, by=by)
    _check(item, FilingAct.TAKEN_BACK, version)
    _event(session, item, FilingAct.TAKEN_BACK, by=by.code, why=_words(why, needed=True), now=now)
    return _set(session, item, FilingAct.TAKEN_BACK)


def may_review(session: Session, item: FilingItem, *, by: Actor) -> bool:
    """Whether somebody is the one to review this material."""
    path = area_path(session, item)
    if not held(by, Right.REVIEW_FILING, city=the_city(session).code).covers(area_path=path):
        return False
    return item.reviewer in (None, by.code) and _independent(item, by)


def area_path(session: Session, item: FilingItem) -> str:
    """The path of the place of its unit."""
    unit = session.get_one(Unit, item.unit_code)
    return session.get_one(Area, unit.area_code).path


def _reviewed(session: Session, item_id: int, act: FilingAct, *, by: Actor, version: int | None) -> FilingItem:
    item = hold(session, item_id)
    _must_review(session, item, by=by)
    _check(item, act, version)
    return item


def _must_review(session: Session, item: FilingItem, *, by: Actor) -> None:
    city, path = the_city(session).code, area_path(session, item)
    must_hold(by, Right.REVIEW_FILING, city=city, area_path=path)
    if item.reviewer not in (None, by.code):
        person = session.get(Person, item.reviewer)
        raise NotTheReviewer(person=person.name if person else item.reviewer)
    if not _independent(item, by):
        raise OwnMaterial(person=by.code, unit=item.unit_code)


def _independent(item: FilingItem, by: Actor) -> bool:
    """Promise 7, of material: neither whoever handed it in nor anybody of the unit."""
    return by.code != item.submitted_by and item.unit_code not in units_of(by)


def hold(session: Session, item_id: int) -> FilingItem:
    """The item, locked. Raises NotFound, for one that was taken off the list too."""
    query = select(FilingItem).where(FilingItem.id == item_id, col(FilingItem.dropped).is_(False)).with_for_update()
    item = session.exec(query.execution_options(populate_existing=True)).first()
    if item is None:
        raise NotFound(what="filing", code=item_id)
    return item


def _check(item: FilingItem, act: FilingAct, version: int | None) -> None:
    if version is not None and version != item.version:
        raise MaterialChanged(code=item.code)
    if item.state not in FROM[act]:
        raise FilingNotPossible(act=act, state=item.state)


def _done(session: Session, item: FilingItem, key: str) -> bool:
    return (
        session.exec(select(FilingEvent).where(FilingEvent.item_id == item.id, FilingEvent.key == key)).first()
        is not None
    )


def _words(written: str, *, needed: bool) -> str:
    words = written.strip()
    if needed and not words:
        raise MissingInput(action="return", missing="why")
    if len(words) > LONGEST or "\x00" in words:
        raise WrongValue(field="why", value=words[:20] + "…", expected=f"at most {LONGEST} characters")
    return words


def _event(
    session: Session, item: FilingItem, act: FilingAct, *, by: str, why: str, now: datetime, key: str | None = None
) -> int:
    facts = {"late": now > item.due_at} if act is FilingAct.SUBMITTED else {}
    event = FilingEvent(item_id=item.id or 0, act=act, who=by, at=now, why=why, facts=facts, key=key)
    session.add(event)
    session.flush()
    assert event.id is not None
    return event.id


def _file(piece: Mapping[str, Any], event: int) -> dict[str, Any]:
    about = {"name": piece["file_name"], "media_type": piece["media_type"], "size": piece["size"]}
    return {"event_id": event, "sha256": piece["sha256"], **about}


def _once(pieces: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({piece["sha256"]: piece for piece in pieces}.values())


def _set(session: Session, item: FilingItem, act: FilingAct, **changes: Any) -> FilingItem:
    item.state, item.version = TO[act], item.version + 1
    for name, value in changes.items():
        setattr(item, name, value)
    session.add(item)
    session.flush()
    return item


def _forward(
    session: Session, item: FilingItem, pieces: Sequence[Mapping[str, Any]], *, note: str, by: Actor, now: datetime
) -> bool:
    """Take the issue along, from wherever it stands; whether there was one to take."""
    issue = session.get(Issue, item.issue_id, populate_existing=True) if item.issue_id else None
    given: Mapping[Action, dict[str, Any]] = {
        Action.ASSIGN: {"to": item.unit_code},
        Action.SUBMIT: {"result": note or item.title, "evidence": _once(pieces)},
        Action.ATTACH: {"evidence": _once(pieces)},
        Action.RESUME: {"reason": note},
    }
    actions = ON_THE_WAY.get(issue.state, ()) if issue else ()
    for action in actions:
        _act(session, issue, action, SYSTEM if action is Action.ASSIGN else by, now, **given.get(action, {}))
    return bool(actions)


def _issue(session: Session, item: FilingItem, state: State) -> Issue | None:
    issue = session.get(Issue, item.issue_id, populate_existing=True) if item.issue_id else None
    return issue if issue is not None and issue.state == state else None


def _act(session: Session, issue: Issue | None, action: Action, by: Actor, now: datetime, **given: Any) -> None:
    assert issue is not None
    apply(session, [Command(action, by, issue.id, {**given, "filing": True})], now=now)
