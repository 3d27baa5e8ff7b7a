"""What a change would do: read, linted and compared as a whole. Nothing is written."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from models.errors import WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, State
from models.rights import Actor
from models.seal import plain
from models.unit import Contact, Proof
from notifications.collector import collector_rests
from services.administering.editing import Draft, edit_row
from services.administering.editing_files import edit_file
from services.administering.pruning import pruned
from services.administering.relations import CLOSED
from services.administering.rights import check_edits, check_pack
from services.administering.settling import settled
from services.administering.under_way import left_under_way
from services.administering.values import BadCell, Changed, Conflict, Edit, FileEdit, Proposal, Told
from services.cities.cells import cell_of
from services.cities.differing import between
from services.cities.finding import Finding
from services.cities.held import held_pack, held_rows
from services.cities.keys import key_of, key_text
from services.cities.linting import lint
from services.cities.pack import Pack
from services.cities.reading import TABLE_OF
from services.cities.writing import table_bytes

Edits = Sequence[Edit | FileEdit]


@dataclass(frozen=True)
class Prepared:
    """The city in force and what is wanted instead. `given`: what was asked for, as part of the fingerprint."""

    base: Pack
    pack: Pack
    given: object
    bad: Sequence[BadCell] = ()
    conflicts: Sequence[Conflict] = ()


@collector_rests()
def propose(session: Session, edits: Edits, *, actor: Actor, now: datetime) -> Proposal:
    """What these edits would do together. Raises ActionNotAllowed, NotFound for a table or file that does not exist."""
    return proposal(session, prepare(session, edits, actor=actor, now=now), now=now)


@collector_rests()
def propose_pack(session: Session, pack: Pack, *, actor: Actor, now: datetime) -> Proposal:
    """What loading a whole pack would do; read one with `read_zip`, `read_table` or `read_pack`.

    Raises ActionNotAllowed, WrongValue for the pack of another city.
    """
    return proposal(session, prepare_pack(session, pack, actor=actor, now=now), now=now)


def prepare(session: Session, edits: Edits, *, actor: Actor, now: datetime) -> Prepared:
    """The edits made in memory."""
    base = held_pack(session)
    check_edits(actor, edits, base=base)
    draft = Draft(base, now.astimezone(ZoneInfo(base.city.timezone)).date(), base)
    for number, edit in enumerate(edits):
        if isinstance(edit, Edit):
            edit_row(draft, edit, number=number)
        else:
            edit_file(draft, edit, number=number)
    draft.settle()
    return Prepared(base, pruned(base, draft.pack), [_given(edit) for edit in edits], draft.bad, draft.conflicts)


def prepare_pack(session: Session, pack: Pack, *, actor: Actor, now: datetime) -> Prepared:
    """A whole pack as a change of the city in force."""
    base = held_pack(session)
    check_pack(actor, base=base, pack=pack)
    if pack.city.code != base.city.code:
        expected = f"{base.city.code}: one database serves one city"
        raise WrongValue(field="city", value=pack.city.code, expected=expected)
    today = now.astimezone(ZoneInfo(base.city.timezone)).date()
    made = settled(base, pack, today=today, proved=_proved(session))
    contacts = hashlib.sha256(table_bytes("contacts", pack.contacts)).hexdigest()
    return Prepared(base, pruned(base, made), contacts)


def proposal(session: Session, work: Prepared, *, now: datetime) -> Proposal:
    """What is shown of it."""
    if work.pack is work.base:
        return Proposal((), (), tuple(work.bad), tuple(work.conflicts), fingerprint="")
    changes = between(work.base, work.pack, closed=_closed(session, work))
    findings = tuple(_told(work, now)) if changes else ()
    return Proposal(
        changes=changes,
        findings=findings,
        bad_cells=tuple(work.bad),
        conflicts=tuple(work.conflicts),
        fingerprint=_fingerprint(work, changes, findings),
        open_issues=_open_issues(session, work),
        under_way=left_under_way(session, changes, work.pack),
    )


def _closed(session: Session, work: Prepared) -> Mapping[str, frozenset[str]]:
    """The rows that were closed, of the tables that change: they do not begin, they come back."""
    changed = [name for name in sorted(CLOSED) if getattr(work.base, name) is not getattr(work.pack, name)]
    return {name: frozenset(key_of(name, row) for row in held_rows(session, name, gone=True)) for name in changed}


def _told(work: Prepared, now: datetime) -> Iterator[Told]:
    before = Counter(map(_identity, lint(work.base, now=now)))
    for finding in lint(work.pack, now=now):
        known = before[_identity(finding)] > 0
        before[_identity(finding)] -= 1
        yield Told(finding, not known, _key(work.pack, finding))


def _identity(finding: Finding) -> tuple[str, str, str]:
    """What makes a finding the same though its row has moved."""
    return finding.code, finding.file, json.dumps(plain(dict(finding.params)), sort_keys=True, default=str)


def _key(pack: Pack, finding: Finding) -> str:
    name = TABLE_OF.get(finding.file)
    if name is None or not finding.row:
        return ""
    return next((key_of(name, row) for row in getattr(pack, name) if row.row == finding.row), "")


def _fingerprint(work: Prepared, changes: Sequence[Changed], findings: Sequence[Told]) -> str:
    shown = [[one.place, one.key, one.kind.value, dict(one.before), dict(one.after)] for one in changes]
    new = sorted(_identity(told.finding) for told in findings if told.new)
    written = json.dumps([work.given, shown, new], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _given(edit: Edit | FileEdit) -> list[object]:
    if isinstance(edit, Edit):
        return [edit.table, edit.key, dict(edit.cells), edit.gone]
    content = edit.content if isinstance(edit.content, bytes) else (edit.content or "").encode("utf-8", "replace")
    return [edit.file, hashlib.sha256(content).hexdigest(), edit.content is None]


def _open_issues(session: Session, work: Prepared) -> int:
    """How many run under rules or a calendar that this changes for new ones."""
    old, new = work.base, work.pack
    if (old.rule_code, old.spans) == (new.rule_code, new.spans) and old.days is new.days:
        return 0
    states = sorted(OPEN - {State.FOUND})
    return session.exec(select(func.count()).select_from(Issue).where(col(Issue.state).in_(states))).one()


def _proved(session: Session) -> frozenset[str]:
    """The addresses that persons proved by a code."""
    rows = session.exec(
        select(Contact.person_code, Contact.channel, Contact.address).where(Contact.proof == Proof.CODE)
    ).all()
    return frozenset(key_text((person, cell_of(channel), address)) for person, channel, address in rows)
