"""One action on some issues: all of them or none, tried only with --dry-run."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import photos, showing, words
from cli.opening import Work, opened
from cli.showing import Column
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from services.commands import Outcome

Verb = Callable[..., "list[Outcome]"]


def act(
    verb: Verb,
    references: Sequence[str],
    *,
    by: str | None,
    dry_run: bool,
    as_json: bool,
    shown: Sequence[Path] | None = None,
    kind: str = "after",
    **data: Any,
) -> None:
    """Do it to all the issues in one transaction and show what became of each. Raises what the verb raises."""
    from services import queries

    given = photos.read(shown, kind=kind)
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        ids = queries.ids_of(session, references)
        if shown is not None:
            data["evidence"] = [photo.piece for photo in given]
        outcomes = verb(session, issue_ids=ids, by=actor, now=now, **data)
        finish(work, session, given=given, dry_run=dry_run)
    report(outcomes, dry_run=dry_run, as_json=as_json)


def finish(work: Work, session: Any, *, given: Sequence[photos.Photo] = (), dry_run: bool) -> None:
    """Commit, with the bytes of the evidence stored first; or take it all back."""
    photos.check(given, session)
    if dry_run:
        session.rollback()
        return
    photos.store(given, folder=work.settings.evidence)
    session.commit()


def report(outcomes: "Sequence[Outcome]", *, dry_run: bool, as_json: bool) -> None:
    """What became of each issue."""
    rows = [
        {
            "id": one.issue_id,
            "number": one.number,
            "state": one.state,
            "done": [action.value for action in one.events],
            "repeated": one.repeated,
            "dry_run": dry_run,
        }
        for one in outcomes
    ]
    columns = [
        Column("number", _("Number")),
        Column("state", _("State"), lambda state: words.word(words.STATES, state)),
        Column("done", _("Done"), lambda done: ", ".join(words.word(words.ACTIONS, one) for one in done)),
    ]
    showing.table(rows, columns, as_json=as_json)
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))
