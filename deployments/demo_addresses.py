"""The addresses by which a demo city lets everybody in, one for each role. A real city has none."""

from sqlalchemy import Engine
from sqlmodel import Session

from models import terms
from runtime import clock
from runtime.database import make_engine
from runtime.i18n import gettext as _
from runtime.i18n import language
from runtime.settings import Settings
from services.demo import Player, players


def demo_addresses(settings: Settings, url: str) -> str:
    """Lines to print, empty where the city of the database at `url` is no demo."""
    engine = make_engine(url)
    try:
        found = _players(engine)
    finally:
        engine.dispose()
    lines = [f"  {_role(one)}: {settings.public_url}/login?role={one.key}" for one in found]
    return "\n".join([_("A demo city: go in by one tap, as"), *lines]) if lines else ""


def _players(engine: Engine) -> list[Player]:
    with Session(engine) as session:
        return players(session, now=clock.now(session))


def _role(one: Player) -> str:
    return f"{terms.term(terms.ROLES, one.role, language())} ({one.title})"
