"""Writing down what tries came to, several together, and what follows for the deliveries and for their receivers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.hook import DeliveryState, Hook, HookAttempt, HookDelivery, HookState, Pause, Told
from notifications.words import language, moment
from services import bulk, hooks_alarms, rulebook
from services.hooks_calling import Answered
from services.hooks_claiming import Work
from services.hooks_pace import IN_A_ROW, PROBE_EVERY, REST_AFTER, TELL_AFTER, again, rest


@dataclass(frozen=True)
class Result:
    """One try and what it came to."""

    work: Work
    answered: Answered


def settle(session: Session, results: Sequence[Result], *, now: datetime) -> set[int]:
    """Write them down in the order they came; which receivers are not to be called now. The caller commits."""
    if not results:
        return set()
    bulk.insert(session, HookAttempt, [_row(one, now) for one in results])
    hooks = _locked(session, sorted({one.work.hook for one in results}))
    rows = _deliveries(session, [one.work.id for one in results])
    for one in results:
        _note(hooks[one.work.hook], one, now)
        if one.work.id in rows:
            _move(rows[one.work.id], one, now)
    for hook in hooks.values():
        _look(session, hook, now)
    session.flush()
    return {key for key, hook in hooks.items() if not _goes_on(hook, now)}


def attempt_row(hook: int, key: str, kind: str, subject: str, answered: Answered, now: datetime) -> dict[str, object]:
    """The row of one try."""
    return {
        "hook_id": hook,
        "key": key,
        "kind": kind,
        "subject": subject,
        "at": now,
        "ms": answered.ms,
        "told": answered.told,
        "status": answered.status,
        "said": answered.said,
    }


def _row(one: Result, now: datetime) -> dict[str, object]:
    return attempt_row(one.work.hook, one.work.key, one.work.kind, one.work.subject, one.answered, now)


def _note(hook: Hook, one: Result, now: datetime) -> None:
    """On the receiver: how long, and how often in a row, it has failed."""
    if one.answered.told is Told.OK:
        hook.last_ok_at, hook.failures = now, 0
        hook.failing_since = hook.not_before = None
        return
    hook.failures += 1
    hook.failing_since = hook.failing_since or now
    if one.answered.told is Told.GONE and hook.state is HookState.ACTIVE:
        hook.state, hook.pause = HookState.PAUSED, Pause.GONE
    elif one.answered.told is Told.DOWN or hook.failures >= IN_A_ROW:
        hook.not_before = now + rest(now - hook.failing_since, said=one.answered.retry_after)


def _move(row: HookDelivery, one: Result, now: datetime) -> None:
    """On the event: delivered, tried again later, or given up. That nobody was there counts for nothing."""
    row.claimed_at = None
    if one.answered.told is Told.OK:
        row.state, row.finished_at, row.tries = DeliveryState.SENT, now, row.tries + 1
        return
    row.state = DeliveryState.WAITING
    if one.answered.told is Told.REFUSED:
        row.tries += 1
        wait = again(row.tries)
        if wait is None:
            row.state, row.finished_at = DeliveryState.FAILED, now
        else:
            row.not_before = now + wait


def _look(session: Session, hook: Hook, now: datetime) -> None:
    """Whether it has failed for too long, or works again; people are told once."""
    city = rulebook.the_city(session)
    city_now = now + timedelta(seconds=city.clock_offset_seconds)
    if hook.failing_since is None:
        if hook.state is HookState.PAUSED and hook.pause is Pause.FAILING:
            hook.state, hook.pause = HookState.ACTIVE, None
        if hook.told_at is not None:
            hook.told_at = None
            hooks_alarms.tell_works(session, hook, now=city_now)
    elif hook.pause is Pause.GONE:
        _tell_gone(session, hook, now, city_now)
    elif now - hook.failing_since >= REST_AFTER:
        hook.not_before = now + PROBE_EVERY
        if hook.state is HookState.ACTIVE:
            hook.state, hook.pause, hook.told_at = HookState.PAUSED, Pause.FAILING, now
            hooks_alarms.tell_resting(session, hook, now=city_now)
    elif now - hook.failing_since >= TELL_AFTER and hook.told_at is None:
        hook.told_at, lang = now, language(city.default_lang)
        since = hook.failing_since + (city_now - now)
        shown = moment(since, zone=ZoneInfo(city.timezone), lang=lang)
        hooks_alarms.tell_failing(session, hook, since=shown, now=city_now)


def _tell_gone(session: Session, hook: Hook, now: datetime, city_now: datetime) -> None:
    if hook.told_at is None:
        hook.told_at = now
        hooks_alarms.tell_gone(session, hook, now=city_now)


def _goes_on(hook: Hook, now: datetime) -> bool:
    return hook.state is HookState.ACTIVE and (hook.not_before is None or hook.not_before <= now)


def _locked(session: Session, keys: Sequence[int]) -> dict[int, Hook]:
    """Fresh from the database, held until the commit, in one order; deliveries may be made for them meanwhile."""
    query = select(Hook).where(col(Hook.id).in_(keys)).order_by(col(Hook.id)).with_for_update(key_share=True)
    return {one.id or 0: one for one in session.exec(query.execution_options(populate_existing=True))}


def _deliveries(session: Session, ids: Sequence[int]) -> dict[int, HookDelivery]:
    """Those that are still there and in work: a replay may have begun anew meanwhile."""
    query = select(HookDelivery).where(col(HookDelivery.id).in_(ids), HookDelivery.state == DeliveryState.SENDING)
    found = session.exec(query.order_by(col(HookDelivery.id)).execution_options(populate_existing=True))
    return {one.id or 0: one for one in found}
