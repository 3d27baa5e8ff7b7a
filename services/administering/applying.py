"""A change that was shown is done: all of it in the caller's transaction, with its history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.administration import CityChange, CityChangeSet
from models.errors import BadRow, BadRows, MissingInput
from models.rights import Actor
from notifications.collector import collector_rests
from services.administering.errors import FilesNotKept, NotAsShown
from services.administering.proposing import Prepared, prepare, prepare_pack, proposal
from services.administering.values import Changed, ChangeSet, Edit, FileEdit, Proposal
from services.bulk import table_of
from services.cities.differing import bodies_between
from services.cities.finding import Finding
from services.cities.kept_files import files_of, keep_bodies
from services.cities.loading import carry_out, lock
from services.cities.pack import Pack
from services.cities.planning import work_out
from services.cities.recording import record
from services.cities.tables import TABLES
from services.commands import check_text
from services.rulebook import the_city

LONGEST = 500


@collector_rests()
def apply(
    session: Session, edits: Sequence[Edit | FileEdit], *, actor: Actor, why: str, fingerprint: str, now: datetime
) -> ChangeSet:
    """Do what `propose` showed under this fingerprint. Twice is once. The caller commits.

    Raises NotAsShown (a Refused) where it would now do something else: propose again, and show it. BadRows for errors,
    MissingInput without a reason, ActionNotAllowed, NotFound, FilesNotKept.
    """
    reason = _reason(why)
    _hold(session, {edit.table for edit in edits if isinstance(edit, Edit)})
    work = prepare(session, edits, actor=actor, now=now)
    return _done(session, work, actor=actor, why=reason, fingerprint=fingerprint, now=now)


@collector_rests()
def apply_pack(session: Session, pack: Pack, *, actor: Actor, why: str, fingerprint: str, now: datetime) -> ChangeSet:
    """Do what `propose_pack` showed. Raises as `apply` does."""
    reason = _reason(why)
    _hold(session, {table.name for table in TABLES})
    work = prepare_pack(session, pack, actor=actor, now=now)
    return _done(session, work, actor=actor, why=reason, fingerprint=fingerprint, now=now)


def _reason(why: str) -> str:
    given = why.strip()
    if not given:
        raise MissingInput(action="change_city", missing="reason")
    check_text(given, "reason")
    return given[:LONGEST]


def _hold(session: Session, names: set[str]) -> None:
    """Nobody else changes the city until this ends; nor these tables by another way, such as an appointment."""
    lock(session)
    held = sorted(table_of(table.model).name for table in TABLES if table.name in names)
    if held:
        session.connection().execute(text(f"LOCK TABLE {', '.join(held)} IN SHARE ROW EXCLUSIVE MODE"))
    session.expire_all()  # what was read before the wait may be over


def _done(session: Session, work: Prepared, *, actor: Actor, why: str, fingerprint: str, now: datetime) -> ChangeSet:
    seen = proposal(session, work, now=now)
    _refuse(work, seen)
    if not seen.changes:
        return _before(session, fingerprint, actor, why, now)
    if seen.fingerprint != fingerprint:
        raise NotAsShown()
    if files_of(work.pack) != files_of(work.base) and "files" not in the_city(session).pack:
        raise FilesNotKept()
    keep_bodies(session, bodies_between(work.base, work.pack))
    carry_out(session, work_out(session, work.pack, now=now, base=work.base), work.pack, now=now)
    number = record(session, seen.changes, who=actor.code, why=why, now=now, fingerprint=fingerprint)
    return ChangeSet(number, now, actor.code, why, seen.changes)


def _refuse(work: Prepared, seen: Proposal) -> None:
    """What cannot be read first, then what somebody else did, then what the lint is against."""
    name = work.base.folder.name
    if seen.bad_cells:
        rows = [BadRow(one.place, one.row, one.column, one.value, one.expected) for one in seen.bad_cells]
        raise BadRows(file=name, rows=rows)
    if seen.conflicts:
        raise NotAsShown()
    if seen.new_errors:
        raise BadRows(file=name, rows=[_bad(one) for one in seen.new_errors])


def _bad(one: Finding) -> BadRow:
    return BadRow(one.file, one.row, one.code, str(next(iter(one.params.values()), "")), one.message)


def _before(session: Session, fingerprint: str, actor: Actor, why: str, now: datetime) -> ChangeSet:
    """All of it is in force already: done a moment ago, by the same form, or nothing was changed."""
    query = select(CityChangeSet).where(CityChangeSet.fingerprint == fingerprint, CityChangeSet.who == actor.code)
    made = session.exec(query.order_by(col(CityChangeSet.number).desc())).first() if fingerprint else None
    if made is None:
        return ChangeSet(None, now, actor.code, why, ())
    rows = session.exec(
        select(CityChange).where(CityChange.set_number == made.number).order_by(col(CityChange.id))
    ).all()
    changes = tuple(Changed(row.place, row.key, row.kind, row.before, row.after) for row in rows)
    return ChangeSet(made.number, made.at, made.who, made.why, changes)
