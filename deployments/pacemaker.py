"""A watch on the scheduler itself: when no round happens for three intervals, somebody must hear of it.

The watchdog flow runs on the same scheduler and would stand still with it; this runs in `up`, and sends by itself.
What lasts is said once, and once more when it is over.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from notifications.channels import Gateways, open_channels
from notifications.delivery import deliver
from notifications.links import Signs
from runtime import clock
from runtime.i18n import gettext as _
from runtime.keys import link_keys
from runtime.logs import mask
from runtime.settings import Settings
from services import rounds
from services.pack_files import templates_in_force
from services.sweeps import Sessions

log = logging.getLogger("duban.up")
EVERY = timedelta(seconds=15)
AT_ONCE = 20
"""Messages that are sent with the alarm: the urgent ones come first, and the rest must not hold it up."""


class Pacemaker:
    """Looks now and then; tells once that rounds have stopped, and tells once that they go on."""

    def __init__(self, settings: Settings, sessions: Sessions, *, say: Callable[[str], None]) -> None:
        self._settings, self._sessions, self._say = settings, sessions, say
        self._began = self._looked = clock.system_now()
        self._still = self._blind = False

    def look(self) -> None:
        """Cheap to call at any time. A database that does not answer is said once, not raised."""
        now = clock.system_now()
        if now - self._looked < EVERY:
            return
        self._looked = now
        try:
            with self._sessions() as session:
                ahead = clock.skew(session)  # rounds are marked in the time on which all machines agree
                still = rounds.stand_still(session, at=now - ahead, since=self._began - ahead)
            if still != self._still:
                self._changed(still)
        except SQLAlchemyError as error:
            self._lost_sight(error)
        else:
            self._sees_again()

    def _changed(self, still: bool) -> None:
        with self._sessions() as session:
            told = rounds.tell if still else rounds.tell_well
            written = told(session, now=clock.now(session))
            session.commit()
        self._still = still  # not before the commit: an alarm that was not written is tried again
        if still:
            self._say(_("No round has been run for three minutes. See the log of “flows” and Prefect's page."))
        else:
            self._say(_("Rounds are being run again."))
        if written:
            threading.Thread(target=self._send, name="duban alarm", daemon=True).start()

    def _lost_sight(self, error: SQLAlchemyError) -> None:
        log.debug("the watch on the rounds could not use the database", exc_info=error)
        if not self._blind:
            self._blind = True
            why = (str(getattr(error, "orig", None) or error).strip().splitlines() or ["?"])[0]
            words = _("The database does not answer ({why}). Nothing is lost; Duban goes on when it answers again.")
            self._say(words.format(why=mask(why)))

    def _sees_again(self) -> None:
        if self._blind:
            self._blind = False
            self._say(_("The database answers again."))

    def _send(self) -> None:
        """What waits, once: the flow that sends is run by the scheduler that stands still.

        Runs beside `up`, which a slow mail server must not hold up; nothing it meets may end `up` either.
        """
        try:
            self._deliver()
        except Exception:
            log.exception("the alarm is written but could not be sent")

    def _deliver(self) -> None:
        channels = open_channels(Gateways(**self._settings.gateways))
        try:
            with self._sessions() as session:
                own = self._settings.templates
                templates = templates_in_force(session, home=self._settings.home, otherwise=own)
            signs = Signs(link_keys(self._settings), self._settings.public_url)
            deliver(self._sessions, now=self._now, channels=channels, limit=AT_ONCE, templates=templates, signs=signs)
        finally:
            channels.close()

    def _now(self) -> datetime:
        with self._sessions() as session:
            return clock.now(session)
