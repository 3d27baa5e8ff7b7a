"""`duban demo`: one issue climbs all five levels in under a minute, told on the terminal. Nothing of it stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cli import demo_cast, demo_telling, opening, posting, showing
from cli.app import app
from cli.exits import Exit
from cli.opening import Work
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from notifications.channels import Channels

STEPS = 15
"""More than the ladder has: the demo ends even where a pack's ladder does not."""
ACTIONS = {"pass_verification": "pass"}


@dataclass
class Stage:
    """What the demo plays with: its own database, no door to the outside, the people, the issue."""

    work: Work
    channels: "Channels"
    cast: demo_cast.Cast
    issue_id: int = 0
    heard: int = 0


@app.command(
    "demo", help=_("Watch one issue climb all five levels, told here. Uses a database of its own and removes it.")
)
def demo() -> int:
    with _theatre() as work:
        stage = _set_up(work)
        _open(stage)
        _climb(stage)
        _put_right(stage)
        return _check_the_record(stage)


@contextmanager
def _theatre() -> Iterator[Work]:
    """A database in a folder of its own, gone at the end."""
    from runtime.database import session_factory
    from runtime.settings import load_settings

    with TemporaryDirectory(prefix="duban-demo-") as folder:
        settings = load_settings(home=Path(folder), database_url=None, prefect_database_url=None)
        with opening.connected(settings) as engine:
            yield Work(settings, engine, session_factory(engine))


def _set_up(work: Work) -> Stage:
    """Load the pack, and begin on a working day at half past nine."""
    from notifications.channels import Channels
    from runtime.settings import PROJECT
    from services import cities

    showing.say(_("Setting up a city for the demo …"))
    pack = cities.read_pack(PROJECT / "cities" / "zigong")
    with work.sessions() as session:
        cities.load(session, pack, now=work.now())
        session.commit()
        demo_cast.begin_at_half_past_nine(session, now=work.now())
        session.commit()
        cast = demo_cast.choose(session, now=work.now())
    return Stage(work, Channels({}), cast)


def _open(stage: Stage) -> None:
    """Found, and given to the unit."""
    from services import issues

    work, cast = stage.work, stage.cast
    with work.sessions() as session:
        now = work.now()
        finding = issues.Finding(
            _("Goods are laid out on the pavement, people walk on the road"),
            source=demo_cast.covert(),
            point=cast.point,
            area=cast.group,
            severity="S3",
        )
        inspector = work.actor(session, cast.inspector, now=now)
        found = issues.find(session, findings=[finding], by=inspector, now=now)[0]
        stage.issue_id = found.issue_id or 0
        session.commit()
    demo_telling.found(work, stage.issue_id)
    _tell(stage)
    _act(stage, "assign", cast.office, to=cast.unit)
    demo_telling.nobody_acts()


def _act(stage: Stage, verb: str, by: str, **data: Any) -> None:
    """One action of a person, told with what it set going."""
    from services import issues

    work = stage.work
    action = ACTIONS.get(verb, verb)
    demo_telling.acts(work, action, by=by)
    with work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        getattr(issues, verb)(session, issue_ids=[stage.issue_id], by=actor, now=now, **data)
        session.commit()
    _tell(stage, action)


def _tell(stage: Stage, action: str = "") -> None:
    """Send what was decided, and say who heard what, and why."""
    posting.post_all(stage.work, stage.channels)
    stage.heard = demo_telling.what_happened(stage.work, stage.issue_id, after=stage.heard, action=action)


def _climb(stage: Stage) -> None:
    """Nobody acts: the clock is moved from step to step."""
    from runtime import clock
    from services import sweeps

    for _step in range(STEPS):
        at = demo_telling.next_step_at(stage.work, stage.issue_id)
        if at is None:
            return
        with stage.work.sessions() as session:
            ahead = at - clock.now(session)
            if ahead.total_seconds() > 0:
                clock.forward(session, ahead + demo_cast.A_MOMENT)
                session.commit()
        sweeps.tick(stage.work.sessions, now=stage.work.now())
        _tell(stage)


def _put_right(stage: Stage) -> None:
    """At last somebody acts; everybody who was told hears that it ended."""
    from services import evidence, sweeps
    from services.cities.sample_photo import sample_photo

    cast = stage.cast
    demo_telling.somebody_acts()
    _act(stage, "sign_in", cast.handler)
    _act(stage, "reply_order", cast.handler, reply=_("The stalls are moved into the market; a patrol looks every day."))
    sha256 = evidence.store(stage.work.settings.evidence, sample_photo("demo"))
    piece = {"kind": "after", "sha256": sha256, "file_name": "after.png", "media_type": "image/png", "size": 1}
    _act(stage, "submit", cast.handler, result=_("Cleared; the pavement is free"), evidence=[piece])
    _act(stage, "pass_verification", cast.verifier, note=_("Seen on the spot"))
    sweeps.tick(stage.work.sessions, now=stage.work.now())
    _tell(stage)


def _check_the_record(stage: Stage) -> int:
    from services import seal

    with stage.work.sessions() as session:
        seen = seal.verify(seal.record_lines(session))
    demo_telling.ended(seen)
    return Exit.FOUND if seen.alteration else Exit.DONE
