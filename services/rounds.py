"""When the last round over all stages ended: so that somebody outside the scheduler can see that it stands still.

Times here are the machine's, not the city's: a demo city's clock may jump, a scheduler that stands still may not hide.
"""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from notifications.words import language
from services import cursors, rulebook
from services.alarms import raise_alarm

LAST_ROUND = "last_round"
EVERY = timedelta(minutes=1)
MISSED = 3
WORDS = {
    "zh-CN": "已有三分钟没有进行巡检，逾期问题无法自动升级",
    "en": "no round has been run for three minutes: nothing is being escalated",
}


def ended(session: Session, *, at: datetime) -> None:
    """Note that a round has just ended. The caller commits."""
    cursors.put(session, LAST_ROUND, position=int(at.timestamp()))


def last(session: Session) -> datetime | None:
    """When the last round ended (UTC, to the second); None when there was none yet."""
    seconds = cursors.position(session, LAST_ROUND)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def stand_still(session: Session, *, at: datetime, since: datetime) -> bool:
    """Whether three rounds have been missed; `since` is when somebody began to watch. Source: design section 8."""
    return at - max(last(session) or since, since) > EVERY * MISSED


def tell(session: Session, *, now: datetime) -> int:
    """Write the alarm for the duty officer and the administrator; how many are told. The caller commits."""
    words = WORDS[language(rulebook.the_city(session).default_lang)]
    return raise_alarm(session, name="rounds", problems=[words], now=now)
