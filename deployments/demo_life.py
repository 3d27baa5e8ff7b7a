"""`python -m deployments.demo_life`: a demo city comes to life, chapter by chapter, beside everything that runs.

It stands behind everybody else (nice), and may be stopped at any time: the chapter under way is as if it had never
begun, and the next start goes on there. A chapter that cannot be played is told in the log and passed over.
"""

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlmodel import Session

from deployments.children import Child
from runtime import clock
from runtime.database import make_engine, open_database, session_factory
from runtime.i18n import gettext as _
from runtime.settings import Settings, load_settings
from services.demo_life import mark
from services.demo_life.mark import Come

log = logging.getLogger("duban.demo")
Sessions = Callable[[], Session]
BEHIND = 10
"""How nice it is to the pages and flows."""


def play(settings: Settings, sessions: Sessions) -> int:
    """Play what is left; how many chapters could not be played. Raises OperationalError when the database has gone."""
    from services.demo_life import chapters  # slow to import; `up` does not need them

    failed = 0
    while True:
        with sessions() as session:
            try:
                now, papers = clock.now(session), settings.city_pack / "papers"
                came = chapters.play_next(session, now=now, place=settings.evidence, papers=papers)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                session.rollback()
                log.exception("a chapter of the demo city's life could not be played; the next one follows")
                came, failed = chapters.pass_over(session), failed + 1
            session.commit()
        if came is None:
            return failed
        log.info("%s: %d of %d", came.name, came.done, came.of)


@dataclass
class Watched:
    """The process that plays, seen from `up`: started where there is something to play, told, never started again."""

    child: Child
    sessions: Sessions
    say: Callable[[str], None]
    told: int = 0

    def begin(self) -> None:
        """Start it, where the city has a life that is not played to its end."""
        came = self._come()
        if came is None or came.over:
            return
        self.told = came.done
        self.say(_("The demo city comes to life meanwhile: audits, surveys, scores, bulletins …"))
        self.child.start()

    def look(self) -> None:
        """Say how far it has come, every quarter of the way, and how it ended."""
        if self.child.process is None:
            return
        runs = self.child.runs
        came = self._come()
        if came and not came.over and 4 * came.done // came.of > 4 * self.told // came.of:
            self.told = came.done
            self.say("  " + _("demo city: {done} of {total} chapters").format(done=came.done, total=came.of))
        if runs:
            return
        whole = self.child.process.returncode == 0 and came is not None and came.over
        self.say(_ended(self.child, whole=whole))
        self.child.stop(grace=0.0)

    def _come(self) -> Come | None:
        try:
            with self.sessions() as session:
                return mark.come(session)
        except SQLAlchemyError:
            return None


def _ended(child: Child, *, whole: bool) -> str:
    if whole:
        return _("The demo city is alive.")
    return _("The demo city has not come to life as a whole. The log says why: {log}").format(log=child.log)


def main() -> int:
    """The exit code says whether all of it was played."""
    os.nice(BEHIND)
    settings = load_settings()
    with open_database(settings) as database:
        engine = make_engine(database.url)
        try:
            return 1 if play(settings, session_factory(engine)) else 0
        finally:
            engine.dispose()


if __name__ == "__main__":
    logging.basicConfig(level="INFO", format="%(asctime)s %(message)s")
    sys.exit(main())
