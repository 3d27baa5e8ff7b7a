"""Who edits the small city in these tests, and the two steps of every change in one."""

from datetime import timedelta

from services import people
from services.administering import apply, propose
from tests.services.cities.packs import NOW

LATER = NOW + timedelta(days=3)
TODAY = "2026-11-23"
BOSS, OFFICE, HANDLER, VERIFIER = "R4", "R1", "R2", "R3"
"""R4 is the administrator, R1 sits in the offices of the city and the districts, R2 handles, R3 verifies."""


def actor(session, code=BOSS):
    return people.actor(session, code, now=LATER)


def shown(session, *edits, by=BOSS, now=LATER):
    return propose(session, edits, actor=actor(session, by), now=now)


def done(session, *edits, by=BOSS, why="because", now=LATER):
    """Propose and confirm what was shown."""
    seen = shown(session, *edits, by=by, now=now)
    return apply(session, edits, actor=actor(session, by), why=why, fingerprint=seen.fingerprint, now=now)
