"""Webhooks by subscription: made, changed, given a new secret, paused, resumed, ended. For administrators of the city.

Who changes one becomes its owner: it tells what its owner may see. Times are real, not a demo city's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound, WrongValue
from models.hook import DeliveryState, Hook, HookDelivery, HookState, Pause
from models.hook_terms import KINDS
from models.permissions import Right, must_hold
from models.rights import Actor
from models.unit import Unit
from notifications.channels.signing import new_secret
from services import rulebook
from services.accounts.vault import Vault
from services.hooks_address import check_address
from services.hooks_errors import HookChanged, HookEnded, TooManyHooks

MOST = 50
"""Subscriptions of the city that are not ended."""
LONGEST_NAME = 80
LONGEST_OVERLAP = timedelta(days=7)
OVERLAP = timedelta(days=1)
"""For so long the secret before signs too."""
PURPOSE = b"duban webhooks"
SUCH_AS = "issue.*, issue.assign, audit.*, *, …"
ANOTHER_NAME = "a name that no other webhook has"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told: kinds such as `issue.assign`, `audit.*`, `*`; of this area, unit, severity."""

    name: str
    url: str
    kinds: Sequence[str]
    area: str | None = None
    unit: str | None = None
    severities: Sequence[str] = ()


@dataclass(frozen=True)
class Made:
    """A subscription, and its secret, which is told this once."""

    hook: Hook
    secret: str


def vault(keys: Sequence[str]) -> Vault:
    """What secrets rest in, by the installation's keys (runtime/keys.py `account_keys`)."""
    return Vault(keys, purpose=PURPOSE)


def check_right(session: Session, by: Actor) -> None:
    """Raises ActionNotAllowed."""
    must_hold(by, Right.MANAGE_HOOKS, city=rulebook.the_city(session).code)


def hooks(session: Session, by: Actor, *, ended: bool = False) -> list[Hook]:
    """Every subscription, newest first; those that were ended only when asked for. Raises ActionNotAllowed."""
    check_right(session, by)
    query = select(Hook).order_by(col(Hook.id).desc())
    return list(session.exec(query if ended else query.where(col(Hook.state) != HookState.ENDED)))


def the_hook(session: Session, by: Actor, key: int, *, lock: bool = False) -> Hook:
    """Raises ActionNotAllowed, NotFound."""
    check_right(session, by)
    query = select(Hook).where(Hook.id == key)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(what="webhook", code=key)
    return found


def make(
    session: Session, wish: Wish, *, by: Actor, keys: Sequence[str], networks: Sequence[str], now: datetime
) -> Made:
    """A new subscription; it is told what happens from now on. Raises ActionNotAllowed, WrongValue, TooManyHooks."""
    check_right(session, by)
    secret = new_secret()
    hook = Hook(**_values(session, wish, networks), owner=by.code, created_at=now, changed_at=now, secret="")
    session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('hooks'))")
    others = hooks(session, by)
    if len(others) >= MOST:
        raise TooManyHooks(most=MOST)
    if hook.name in {one.name for one in others}:
        raise WrongValue(field="name", value=hook.name, expected=ANOTHER_NAME)
    hook.secret = vault(keys).lock(secret)
    session.add(hook)
    session.flush()
    return Made(hook, secret)


def change(
    session: Session, key: int, wish: Wish, *, by: Actor, version: int | None, networks: Sequence[str], now: datetime
) -> Hook:
    """Tell something else, or to another address, from now on. `version`: as it was read; None for as it is.

    One that rested because its owner had lost the right goes on. Raises ActionNotAllowed, NotFound, WrongValue,
    HookChanged, HookEnded.
    """
    hook = _to_change(session, key, by, version, now)
    values = _values(session, wish, networks)
    for name, value in values.items():
        setattr(hook, name, value)
    hook.owner = by.code
    if hook.pause is Pause.RIGHT:
        _go_on(hook)
    session.flush()
    return hook


def rotate(
    session: Session,
    key: int,
    *,
    by: Actor,
    keys: Sequence[str],
    version: int | None = None,
    overlap: timedelta = OVERLAP,
    now: datetime,
) -> Made:
    """A new secret; the one before signs too for a while, none at all for `overlap` zero.

    Raises ActionNotAllowed, NotFound, WrongValue, HookChanged, HookEnded.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise WrongValue(field="overlap", value=overlap, expected=f"0–{LONGEST_OVERLAP.days * 24} h")
    hook, secret = _to_change(session, key, by, version, now), new_secret()
    hook.old_secret, hook.old_until = (hook.secret, now + overlap) if overlap else ("", None)
    hook.secret = vault(keys).lock(secret)
    session.flush()
    return Made(hook, secret)


def pause(session: Session, key: int, *, by: Actor, now: datetime) -> Hook:
    """Tell nothing for now; what happens waits. Raises ActionNotAllowed, NotFound, HookEnded."""
    hook = _to_change(session, key, by, None, now)
    hook.state, hook.pause = HookState.PAUSED, Pause.BY_HAND
    session.flush()
    return hook


def resume(session: Session, key: int, *, by: Actor, now: datetime) -> Hook:
    """Go on with what waits, from this moment. Raises ActionNotAllowed, NotFound, HookEnded."""
    hook = _to_change(session, key, by, None, now)
    if hook.pause is Pause.RIGHT:
        hook.owner = by.code
    _go_on(hook)
    session.flush()
    return hook


def end(session: Session, key: int, *, by: Actor, now: datetime) -> Hook:
    """Tell nothing any more, and forget the secrets; its log stays for a while. Twice is once."""
    hook = the_hook(session, by, key, lock=True)
    if hook.state is not HookState.ENDED:
        hook.state, hook.pause, hook.secret, hook.old_secret = HookState.ENDED, None, "", ""
        hook.version, hook.changed_at = hook.version + 1, now
        session.flush()
    return hook


def waiting(session: Session, several: Sequence[Hook]) -> dict[int, int]:
    """How many events wait for each."""
    query = (
        select(HookDelivery.hook_id, func.count())
        .where(col(HookDelivery.hook_id).in_([one.id for one in several]))
        .where(col(HookDelivery.state).in_((DeliveryState.WAITING, DeliveryState.SENDING)))
        .group_by(col(HookDelivery.hook_id))
    )
    return dict(session.exec(query).all())


def _to_change(session: Session, key: int, by: Actor, version: int | None, now: datetime) -> Hook:
    hook = the_hook(session, by, key, lock=True)
    if version is not None and version != hook.version:
        raise HookChanged(name=hook.name)
    if hook.state is HookState.ENDED:
        raise HookEnded(name=hook.name)
    hook.version, hook.changed_at = hook.version + 1, now
    return hook


def _go_on(hook: Hook) -> None:
    hook.state, hook.pause, hook.failures = HookState.ACTIVE, None, 0
    hook.failing_since = hook.not_before = None


def _values(session: Session, wish: Wish, networks: Sequence[str]) -> dict[str, Any]:
    """The columns, checked. Raises WrongValue, NotFound."""
    name, kinds = wish.name.strip(), sorted(set(wish.kinds))
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise WrongValue(field="name", value=name[:LONGEST_NAME], expected=f"1–{LONGEST_NAME}")
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise WrongValue(field="kinds", value=", ".join(unknown)[:200], expected=SUCH_AS)
    severities = sorted(set(wish.severities))
    known = set(_severities(session))
    if strange := set(severities) - known:
        raise WrongValue(field="severities", value=", ".join(sorted(strange))[:200], expected=", ".join(sorted(known)))
    for table, code in ((Area, wish.area), (Unit, wish.unit)):
        if code and session.get(table, code) is None:
            raise NotFound(what=table.__name__.lower(), code=code)
    return {
        "name": name,
        "url": check_address(wish.url, networks=networks),
        "kinds": kinds,
        "area_code": wish.area or None,
        "unit_code": wish.unit or None,
        "severities": severities,
    }


def _severities(session: Session) -> Sequence[str]:
    city = rulebook.the_city(session)
    return tuple(rulebook.rules(session, city.rule_set_code or "").severities)
