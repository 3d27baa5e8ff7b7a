"""When what was not taken is tried again. Pure: no clock, no database.

Two things are told apart. A receiver that is not there rests as a whole: for as long as it has failed already, from ten
seconds to an hour, so it is asked ever more rarely; nothing is given up by that. A receiver that refuses one event is
tried with that one again after longer and longer times, others go on; after the last time it is given up.
"""

from collections.abc import Sequence
from datetime import timedelta

SHORTEST, LONGEST = timedelta(seconds=10), timedelta(hours=1)
TELL_AFTER = timedelta(hours=1)
"""So long without any success: people are told."""
REST_AFTER = timedelta(days=1)
"""So long without any success: it is paused, and asked every PROBE_EVERY only."""
PROBE_EVERY = timedelta(hours=6)
IN_A_ROW = 20
"""So many failures with no success in between: not this event, the receiver is wrong."""
AGAIN_AFTER: Sequence[timedelta] = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)),
    *(timedelta(hours=6), timedelta(hours=12), timedelta(days=1)),
)
MOST_WAIT = timedelta(days=1)


def rest(failing_for: timedelta, *, said: timedelta | None = None) -> timedelta:
    """How long a receiver that is not there is left alone. `said`: what it asked for itself, at most a day."""
    return max(min(max(failing_for, SHORTEST), LONGEST), min(said or timedelta(), MOST_WAIT))


def again(tries: int) -> timedelta | None:
    """After how long an event that was refused so many times is tried again; None when it is given up."""
    return AGAIN_AFTER[tries - 1] if tries <= len(AGAIN_AFTER) else None
