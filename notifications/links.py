"""Links that act: which stand in which message for whom. Signed, short-lived, each for one thing.

`OFFERS` is the table: kind of message × what the reader is to the issue → purposes. Of these a message shows what the
issue allows when it is sent. Every message about an issue has `read`. Source: design 7.

A robot speaks to a whole group, where anybody could act in the reader's name: there the links only show, unless the
city's policy says otherwise (`[links] act_in_groups = true`). An SMS has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from models.issue import Source
from models.lifecycle import BY_ACTION, Action, State
from models.link import Purpose, Ticket
from models.terms import Words, term
from models.unit import UNIT_POSTS, ChannelClass, PostKind
from notifications.channels.base import Link
from notifications.kinds import KINDS
from notifications.material import Material
from notifications.planning import Door
from notifications.tickets import seal
from notifications.variables import Reader

P = Purpose
HOURS = 72
"""How long a link that acts lives, where the city's policy (`[links] hours`) says nothing: over a week-end."""
DAYS_TO_READ, DAY_AFTER, LONGEST_LIFE = timedelta(days=7), timedelta(days=1), timedelta(days=14)
IN_DIGEST, IN_A_MAIL = 10, 20
"""Issues of a digest that get a link: chat cuts long texts off. A mail has one for every line of its text."""
PATH = "/l/"
TO_A_USER, SEVERAL = frozenset({"wecom", "wechat"}), "#+"
"""Schemes of apps that write to users; signs of a department and of a tag. Source: channels/wecom_app.py."""
MAILBOXES = frozenset({"mailto", "mailtos"})
FINDER, PAGE = "finder", "page"


class Part(StrEnum):
    """What the reader of a message is to its issue."""

    UNIT = "unit"
    VERIFIER = "verifier"
    PUBLIC = "public"
    OTHER = "other"


_START: Mapping[Part, tuple[Purpose, ...]] = {Part.UNIT: (P.SIGN_IN, P.HAND_IN)}
_WORK: Mapping[Part, tuple[Purpose, ...]] = {Part.UNIT: (P.SIGN_IN, P.HAND_IN, P.MORE_TIME)}
_LATE: Mapping[Part, tuple[Purpose, ...]] = {Part.UNIT: (P.SIGN_IN, P.HAND_IN)}
_CHECK: Mapping[Part, tuple[Purpose, ...]] = {Part.VERIFIER: (P.VERIFY,)}
_ANSWER: Mapping[Part, tuple[Purpose, ...]] = {Part.PUBLIC: (P.CONFIRM,)}
_DAILY: Mapping[Part, tuple[Purpose, ...]] = {**_LATE, **_CHECK}

OFFERS: Mapping[str, Mapping[Part, tuple[Purpose, ...]]] = {
    "assigned": _START,
    "assignment_slip": _START,
    "sign_in_reminder": _START,
    "due_warning": _WORK,
    "deadline_changed": _WORK,
    "overdue_notice": _LATE,
    "reminder_notice": _LATE,
    "supervision_order_1": _LATE,
    "supervision_order_2": _LATE,
    "supervision_order_3": _LATE,
    "level_jump": _LATE,
    "failed_check": _WORK,
    "disputed": _WORK,
    "reopened": _WORK,
    "relapsed": _WORK,
    "resumed": _WORK,
    "request_granted": _WORK,
    "request_refused": _LATE,
    "verification_wanted": _CHECK,
    "verification_late": _CHECK,
    "passed": _ANSWER,
    "closed": _ANSWER,
    "daily_digest": _DAILY,
}
DOES: Mapping[Purpose, Action] = {
    P.SIGN_IN: Action.SIGN_IN,
    P.HAND_IN: Action.SUBMIT,
    P.MORE_TIME: Action.ASK_EXTENSION,
    P.VERIFY: Action.PASS,
    P.CONFIRM: Action.CALL_BACK,
}
"""The action of the lifecycle that a link is for. To fail a check is allowed where to pass it is."""
LABELS: Words = {
    P.READ: ("查看", "Look at it"),
    P.SIGN_IN: ("签收", "Sign in"),
    P.HAND_IN: ("提交整改", "Hand in proof"),
    P.MORE_TIME: ("申请延期", "Ask for more time"),
    P.VERIFY: ("复核", "Verify: pass or fail"),
    P.CONFIRM: ("确认是否满意", "Say whether you are content"),
    PAGE: ("打开页面", "Open the page"),
}


@dataclass(frozen=True)
class Signs:
    """What is needed to make links: the keys, newest first, and how others reach the web page."""

    keys: tuple[str, ...] = field(repr=False)
    address: str


def links_for(signs: Signs, *, material: Material, reader: Reader, door: Door, at: datetime) -> tuple[Link, ...]:
    """The links of one letter to this reader through this door, labels in the reader's language.

    The same message sent again carries the same links: what was used stays used.
    """
    if door.channel == ChannelClass.SMS:
        return ()
    page = _page(signs, material, reader)
    if material.bundled:
        return (*page, *_of_digest(signs, material, reader, door, at))
    if material.issue is None:
        return page
    message = material.message
    of_issue = _About(message.kind, reader.post_code or "", message.why, material.issue, message.id or 0)
    purposes = (*_acting(of_issue, material, door, at), P.READ)
    return tuple(
        Link(term(LABELS, one, reader.lang), _url(signs, one, of_issue, reader, material, at)) for one in purposes
    )


def _page(signs: Signs, material: Material, reader: Reader) -> tuple[Link, ...]:
    """The page that a message without an issue is about: open to who logs in there, so the link holds no secret."""
    path = str(material.message.facts.get(PAGE, ""))
    if PAGE not in KINDS[material.message.kind].facts or not path.startswith("/"):
        return ()
    return (Link(term(LABELS, PAGE, reader.lang), f"{signs.address.rstrip('/')}{path}"),)


@dataclass(frozen=True)
class _About:
    """One message about one issue: also one that lies in a digest."""

    kind: str
    post: str
    why: str
    issue: Mapping[str, Any]
    message_id: int


def _of_digest(signs: Signs, material: Material, reader: Reader, door: Door, at: datetime) -> tuple[Link, ...]:
    """One link for each issue: what the reader can do there, else a look at it."""
    found: dict[str, Link] = {}
    most = IN_A_MAIL if door.channel == ChannelClass.MAIL else IN_DIGEST
    for row in material.bundled:
        if row["id"] is None or row["number"] in found or len(found) == most:
            continue
        one = _About(row["kind"], row["post_code"] or "", row["why"], row, row["message_id"])
        purpose = (*_acting(one, material, door, at), P.READ)[0]
        label = f"{row['number']} {term(LABELS, purpose, reader.lang)}"
        whose = row.get("reader") or reader  # a letter to a group may list what is for several readers
        found[row["number"]] = Link(label, _url(signs, purpose, one, whose, material, at))
    return tuple(found.values())


def _acting(one: _About, material: Material, door: Door, at: datetime) -> list[Purpose]:
    if not (_is_personal(door) or _policy(material).get("act_in_groups") is True):
        return []
    offered = OFFERS.get(one.kind, {}).get(_part(one, material), ())
    return [purpose for purpose in offered if _is_possible(purpose, one.issue, material, at)]


def _is_personal(door: Door) -> bool:
    """Whether one person alone reads there: a mailbox, or a WeCom app that writes to one user. Else: a group."""
    scheme, has_scheme, _ = door.address.partition("://")
    if not has_scheme:
        return door.channel == ChannelClass.MAIL
    if scheme.lower() in TO_A_USER:
        to = [unquote(part) for part in urlsplit(door.address).path.split("/") if part]
        return len(to) == 1 and to[0][0] not in SEVERAL and "|" not in to[0] and to[0] != "@all"
    return scheme.lower() in MAILBOXES


def _part(one: _About, material: Material) -> Part:
    owner, _, kind = one.post.rpartition(":")
    if kind in UNIT_POSTS and owner == one.issue["lead_unit"]:
        return Part.UNIT
    if kind == PostKind.VERIFIER:
        return Part.VERIFIER
    if not one.post and one.why == FINDER and one.issue["source"] in _public_sources(material):
        return Part.PUBLIC
    return Part.OTHER


def _public_sources(material: Material) -> frozenset[str]:
    """Whence an issue must come for the close-out rules to want the public's word."""
    rules = material.rules or material.city.rules
    wanted = (row.get("sources") or Source for row in rules.close_out if row["code"] == "call_back")
    return frozenset(source for sources in wanted for source in sources)


def _is_possible(purpose: Purpose, issue: Mapping[str, Any], material: Material, at: datetime) -> bool:
    """By the state now; proof may be handed in by a link from before the signature, once that is given."""
    if purpose == P.MORE_TIME and not _has_more_time(issue, material, at):
        return False
    if purpose == P.HAND_IN and issue["state"] == State.ASSIGNED:
        return True
    return issue["state"] in BY_ACTION[DOES[purpose]].come_from


def _has_more_time(issue: Mapping[str, Any], material: Material, at: datetime) -> bool:
    """Whether the unit may still ask: before the deadline, and while its rules leave an extension to be granted."""
    rule = (material.rules or material.city.rules).severities.get(str(issue.get("severity")))
    left = rule is None or int(issue.get("extensions") or 0) < rule.extension.times
    return left and issue["due_at"] is not None and at < issue["due_at"]


def _policy(material: Material) -> Mapping[str, Any]:
    found: Mapping[str, Any] = material.city.policy.get("links") or {}
    return found


def _url(signs: Signs, purpose: Purpose, one: _About, reader: Reader, material: Material, at: datetime) -> str:
    ticket = Ticket(
        purpose=purpose,
        issue_id=int(one.issue["id"]),
        person=reader.code,
        lang=reader.lang,
        cycle=int(one.issue["cycle"]),
        rework=int(one.issue["rework"]),
        post=one.post,
        nonce=_nonce(one.message_id, int(one.issue["id"]), reader.code, purpose),
        expires_at=_expires_at(purpose, one.issue["due_at"], material, at),
    )
    return f"{signs.address.rstrip('/')}{PATH}{seal(ticket, keys=signs.keys)}"


def _expires_at(purpose: Purpose, due_at: datetime | None, material: Material, at: datetime) -> datetime:
    """Proof may be handed in until a day after the deadline; after that, reminders have brought new links."""
    if purpose == P.READ:
        return at + DAYS_TO_READ
    soon = at + timedelta(hours=float(_policy(material).get("hours", HOURS)))
    if purpose != P.HAND_IN or due_at is None:
        return soon
    return min(max(soon, due_at + DAY_AFTER), at + LONGEST_LIFE)


def _nonce(message_id: int, issue_id: int, person: str, purpose: Purpose) -> str:
    """One for each message, issue, reader and purpose; it need not be secret, only its own."""
    return sha256(f"{message_id} {issue_id} {person} {purpose.value}".encode()).hexdigest()[:24]
