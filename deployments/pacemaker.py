"""A watch on the scheduler itself: when no round happens for three intervals, somebody must hear of it.

The watchdog flow runs on the same scheduler and would stand still with it; this runs in `up`, and sends by itself.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from notifications.channels import Gateways, open_channels
from notifications.delivery import deliver
from runtime import clock
from runtime.i18n import gettext as _
from runtime.settings import Settings
from services import rounds
from services.sweeps import Sessions

log = logging.getLogger("duban.up")
EVERY = timedelta(seconds=15)


class Pacemaker:
    """Looks now and then; tells once that rounds have stopped, and says once that they go on."""

    def __init__(self, settings: Settings, sessions: Sessions, *, say: Callable[[str], None]) -> None:
        self._settings, self._sessions, self._say = settings, sessions, say
        self._began = self._looked = clock.system_now()
        self._still = False

    def look(self) -> None:
        """Cheap to call at any time. A database that does not answer is logged, not raised."""
        now = clock.system_now()
        if now - self._looked < EVERY:
            return
        self._looked = now
        try:
            with self._sessions() as session:
                still = rounds.stand_still(session, at=now, since=self._began)
            if still != self._still:
                self._changed(still)
        except SQLAlchemyError:
            log.exception("the database could not be asked for the last round")

    def _changed(self, still: bool) -> None:
        self._still = still
        if not still:
            self._say(_("Rounds are being run again."))
            return
        self._say(_("No round has been run for three minutes. See the log of “flows” and Prefect's page."))
        with self._sessions() as session:
            rounds.tell(session, now=clock.now(session))
            session.commit()
        self._send()

    def _send(self) -> None:
        """What waits, once: the flow that sends is run by the scheduler that stands still."""
        mail = self._settings.smtp_url
        channels = open_channels(Gateways(smtp_url=mail.get_secret_value() if mail else None))
        try:
            deliver(self._sessions, now=self._now, channels=channels, templates=self._settings.templates)
        finally:
            channels.close()

    def _now(self) -> datetime:
        with self._sessions() as session:
            return clock.now(session)
