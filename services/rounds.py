"""When the last round over all stages ended: so that somebody outside the scheduler can see that it stands still.

Times here are the true ones, not the city's: a demo city's clock may jump, a scheduler that stands still may not hide.
"""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from notifications.words import language
from services import alarms, cursors, rulebook

LAST_ROUND = "last_round"
TOOK = "last_round_took"
EVERY = timedelta(minutes=1)
MISSED = 3
CAUSE = alarms.NO_ROUNDS
# zh-CN, en
STANDS_STILL = (
    "已有三分钟没有进行巡检，逾期问题无法自动升级",
    "no round has been run for three minutes: nothing is being escalated",
)
GOES_ON = ("巡检已恢复", "rounds are being run again")
WRONG_CLOCK = (
    "{machine} 的时钟与数据库相差 {seconds} 秒，现以数据库时钟为准，请校时",
    "the clock of {machine} is {seconds} s away from the database's, which counts meanwhile: set it right",
)
RIGHT_CLOCK = ("{machine} 的时钟已校准", "the clock of {machine} is right again")


def ended(session: Session, *, at: datetime, took: timedelta | None = None) -> None:
    """Note that a round has just ended, and how long it took. The caller commits."""
    cursors.put(session, LAST_ROUND, position=int(at.timestamp()))
    if took is not None:
        cursors.put(session, TOOK, position=max(0, round(took.total_seconds() * 1000)))


def last_took(session: Session) -> timedelta | None:
    """How long the last round took, to the millisecond; None when it is not known."""
    milliseconds = cursors.position(session, TOOK)
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)


def last(session: Session) -> datetime | None:
    """When the last round ended (UTC, to the second); None when there was none yet."""
    seconds = cursors.position(session, LAST_ROUND)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def stand_still(session: Session, *, at: datetime, since: datetime) -> bool:
    """Whether three rounds have been missed; `since` is when somebody began to watch. Source: design section 8."""
    return at - max(last(session) or since, since) > EVERY * MISSED


def tell(session: Session, *, now: datetime) -> int:
    """Write the alarm for the duty officer and the administrator; how many are told. The caller commits."""
    return alarms.raise_alarm(session, causes=[CAUSE], problems=[_word(session, STANDS_STILL)], now=now)


def tell_well(session: Session, *, now: datetime) -> int:
    """Tell those who had the alarm that rounds are run again; how many are told. The caller commits."""
    return alarms.all_clear(session, causes=[CAUSE], line=_word(session, GOES_ON), now=now)


def tell_clock(session: Session, *, machine: str, ahead: timedelta, now: datetime) -> int:
    """Raise the alarm about the clock of a machine, or take it back when `ahead` is zero. The caller commits."""
    causes, facts = [f"clock_{machine}"], {"machine": machine, "seconds": f"{ahead.total_seconds():+.0f}"}
    if ahead:
        problem = _word(session, WRONG_CLOCK).format(**facts)
        return alarms.raise_alarm(session, causes=causes, problems=[problem], now=now)
    return alarms.all_clear(session, causes=causes, line=_word(session, RIGHT_CLOCK).format(**facts), now=now)


def _word(session: Session, words: tuple[str, str]) -> str:
    return words[0 if language(rulebook.the_city(session).default_lang) == "zh-CN" else 1]
