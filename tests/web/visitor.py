"""Somebody logged in, without the pages of the log-in: for tests of other pages."""

import httpx
from sqlmodel import Session

from runtime import clock
from services import sessions
from services.sessions import Method
from web.login import COOKIE


def log_in(session: Session, client: httpx.AsyncClient, person: str) -> None:
    """From now on this client is that person's browser."""
    token = sessions.open_session(session, person, method=Method.DEMO, device="test", now=clock.true_now(session))
    session.commit()
    client.cookies.set(COOKIE, token)
