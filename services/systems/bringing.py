"""Bringing an edition in from a workbook: what it would change is shown first, then done, all of it or nothing.

A new edition stands beside the old ones. One that nothing rests on yet may be brought in again and again; one that is
in use is never changed in place (use.py), and refusing says what to do instead.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, delete, text
from sqlmodel import Session

from models.errors import BadRow, BadRows, MissingInput
from models.permissions import Right, must_hold
from models.rights import Actor
from notifications.collector import collector_rests
from services import rulebook
from services.administering.errors import NotAsShown
from services.bulk import table_of
from services.cities.differing import Changed, between
from services.cities.finding import Finding, Level
from services.cities.held import held_pack
from services.cities.keys import parts_of
from services.cities.loading import carry_out, lock
from services.cities.pack import Pack
from services.cities.planning import Work, work_out
from services.cities.recording import record
from services.cities.tables import TABLES
from services.commands import check_text
from services.exports.systems_columns import BY_PART
from services.imports.systems import Draft, read_system
from services.systems.errors import EditionInUse
from services.systems.merging import ONLY, WHOLE, bad_names, left_out, merged, new_findings, settled
from services.systems.use import settled_uses

PLANS = {table.name: table for table in TABLES}
LONGEST = 500


@dataclass(frozen=True)
class Proposal:
    """What a workbook would do. With anything in `bad` or `errors` it cannot be done.

    `code`: the edition, empty where it cannot be read; `is_new`: it is not there yet. `errors` and `warnings` are what
    the lint says of it alone, by sheet and row. `ignored`: sheets and columns that nobody reads.
    """

    file: str
    code: str
    is_new: bool
    changes: Sequence[Changed]
    bad: Sequence[BadRow]
    errors: Sequence[Finding]
    warnings: Sequence[Finding]
    ignored: Sequence[str]
    fingerprint: str

    @property
    def is_ready(self) -> bool:
        """Whether it can be confirmed."""
        return bool(self.changes) and not self.bad and not self.errors


@dataclass(frozen=True)
class Prepared:
    """The city as it is and as it would be, the work between, and what speaks against it."""

    base: Pack
    pack: Pack
    work: Work | None
    draft: Draft
    bad: Sequence[BadRow]
    found: Sequence[Finding]


@collector_rests()
def propose(session: Session, path: Path, *, actor: Actor, now: datetime, file: str = "") -> Proposal:
    """What the workbook would change; `file`: what its owner calls it. Writes nothing.

    Raises ActionNotAllowed, UnreadableFile, EditionInUse where it would change an edition that records rest on.
    """
    return _proposal(_prepare(session, path, actor=actor, now=now, file=file))


@collector_rests()
def bring(
    session: Session, path: Path, *, actor: Actor, why: str, fingerprint: str, now: datetime, file: str = ""
) -> int | None:
    """Do what `propose` showed under this fingerprint; the number of the change on record. The caller commits.

    None where all of it is so already. Raises as `propose` does; BadRows, MissingInput without a reason, NotAsShown
    where it would now do something else.
    """
    reason = why.strip()
    if not reason:
        raise MissingInput(action="change_city", missing="reason")
    check_text(reason, "reason")
    _hold(session)
    made = _prepare(session, path, actor=actor, now=now, file=file)
    seen = _proposal(made)
    _refuse(seen)
    if not seen.changes or made.work is None:
        return None
    if seen.fingerprint != fingerprint:
        raise NotAsShown()
    carry_out(session, made.work, made.pack, now=now)
    _remove(session, made)
    return record(session, seen.changes, who=actor.code, why=reason[:LONGEST], now=now, fingerprint=fingerprint)


def _hold(session: Session) -> None:
    """Nobody else changes the city, or begins to rest on an edition of it, until this ends."""
    lock(session)
    names = sorted(table_of(PLANS[name].model).name for name in WHOLE)
    session.connection().execute(text(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE"))
    session.expire_all()


def _refuse(seen: Proposal) -> None:
    told = (
        BadRow(one.file, one.row, one.code, str(next(iter(one.params.values()), "")), one.message)
        for one in seen.errors
    )
    if rows := [*seen.bad, *told]:
        raise BadRows(file=seen.file, rows=rows)


def _prepare(session: Session, path: Path, *, actor: Actor, now: datetime, file: str) -> Prepared:
    if not actor.is_system:
        must_hold(actor, Right.MANAGE_CITY, city=rulebook.the_city(session).code)
    draft = read_system(path, file=file)
    base = held_pack(session, only=ONLY)
    bad = [*draft.bad, *bad_names(base, draft)]
    if bad:
        return Prepared(base, base, None, draft, bad, ())
    given = merged(base, draft)
    found = new_findings(base, given, draft)
    if any(one.level is Level.ERROR for one in found):
        return Prepared(base, base, None, draft, (), found)
    pack = settled(base, given)
    made = Prepared(base, pack, work_out(session, pack, now=now, base=base), draft, (), found)
    _refuse_removal(session, made)
    return made


def _refuse_removal(session: Session, made: Prepared) -> None:
    """What an edition says stays while records rest on it. Raises EditionInUse."""
    gone = list(left_out(made.base, made.pack))
    used = settled_uses(session, {row.version_code for _, row in gone})
    for name, row in gone:
        if use := used[row.version_code]:
            what = f"− {BY_PART[name].zh} {' '.join(parts_of(name, row)[1:])}"
            raise EditionInUse(version=row.version_code, what=what, **vars(use))


def _remove(session: Session, made: Prepared) -> None:
    """Rows that the edition, on which nothing rests, does not have any more."""
    for name, row in left_out(made.base, made.pack):
        table = table_of(PLANS[name].model)
        key = and_(*(table.c[column] == getattr(row, column) for column in PLANS[name].key))
        session.connection().execute(delete(table).where(key))
    session.expire_all()


def _proposal(made: Prepared) -> Proposal:
    changes = between(made.base, made.pack) if made.work else ()
    code = made.draft.version.code if made.draft.version else ""
    return Proposal(
        file=made.draft.file,
        code=code,
        is_new=code not in {row.code for row in made.base.versions},
        changes=changes,
        bad=made.bad,
        errors=[one for one in made.found if one.level is Level.ERROR],
        warnings=[one for one in made.found if one.level is not Level.ERROR],
        ignored=made.draft.ignored,
        fingerprint=_fingerprint(changes),
    )


def _fingerprint(changes: Sequence[Changed]) -> str:
    shown = [[one.place, one.key, one.kind.value, dict(one.before), dict(one.after)] for one in changes]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
