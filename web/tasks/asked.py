"""What the pages of tasks share: the year asked for, the city's settings, as much as a reader's boards show."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from models.errors import WrongValue
from services.people import city_day
from services.tasks.settings import TaskSettings, settings_in_force
from services.tasks.table import FIRST_YEAR, LAST_YEAR, years
from web.deps import Desk
from web.forms import cleaned

LONGEST = 100


def address(path: str, **query: object) -> str:
    """An address with a query; what is empty is left out."""
    said = {name: value for name, value in query.items() if value is not None and value is not False and value != ""}
    return f"{path}?{urlencode(said)}" if said else path


def letter_address(number: str) -> str:
    """The page of a letter."""
    return f"/tasks/letters/{quote(number, safe='')}"


def asked(here: Desk, name: str) -> str:
    """A value of the address, cleaned."""
    return cleaned(here.request.query_params.get(name, ""))[:LONGEST]


def year_asked(here: Desk, *, known: Sequence[int] = ()) -> int:
    """The year of the address; else the newest that has a table and has begun, else this one. Raises WrongValue."""
    written = asked(here, "year")
    this = city_day(here.session, here.now).year
    if not written:
        return max((year for year in known or known_years(here) if year <= this), default=this)
    if not (written.isascii() and written.isdecimal()) or not FIRST_YEAR <= int(written) <= LAST_YEAR:
        raise WrongValue(field="year", value=written, expected=f"{FIRST_YEAR}–{LAST_YEAR}")
    return int(written)


def known_years(here: Desk) -> list[int]:
    """The years that have a table, the newest first."""
    return [one.year for one in years(here.session)]


def settings_of(here: Desk) -> TaskSettings:
    """What the city says about its tasks. Raises UnreadableFile, WrongValue."""
    return settings_in_force(here.session, otherwise=here.settings.city_pack)
