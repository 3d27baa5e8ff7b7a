"""A whole table or pack that comes from outside, made into a change of the city in force, as loading it would."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from models.calendar import Calendar
from services.administering.editing import left_of, with_tables
from services.administering.relations import ends_how
from services.cities.held_days import told_days
from services.cities.keys import key_of
from services.cities.ordering import numbered
from services.cities.pack import Pack
from services.cities.reading import FILES


def settled_rows(name: str, base: Pack, rows: Iterable[Any], *, today: date) -> tuple[Any, ...]:
    """The rows, and what becomes of those that they leave out: ended yesterday, kept, or closed. Duplicates stay."""
    given = list(rows)
    keys = {key_of(name, row) for row in given}
    left_out = [row for row in getattr(base, name) if key_of(name, row) not in keys]
    if ends_how(name) == "never":
        given += left_out
    else:
        given += (left for row in left_out if (left := left_of(name, row, today)) is not None)
    made = numbered(name, given)
    before: tuple[Any, ...] = getattr(base, name)
    return before if made == before else made


def settled(base: Pack, pack: Pack, *, today: date, proved: Collection[str]) -> Pack:
    """The pack as a change of the city in force. `proved`: keys of contacts that persons proved by a code.

    What persons proved is theirs; who was verified here stays so; days that a notice has published meanwhile stay
    where the pack only guesses.
    """
    tables = {name: settled_rows(name, base, getattr(pack, name), today=today) for name in FILES}
    tables["contacts"] = _contacts(base, pack, proved)
    tables["days"] = _days(base, pack)
    city = replace(pack.city, demo=base.city.demo)
    return with_tables(pack, tables, folder=base.folder, city=city)


def _contacts(base: Pack, pack: Pack, proved: Collection[str]) -> tuple[Any, ...]:
    before = {key_of("contacts", row): row for row in base.contacts}
    given = {key_of("contacts", row) for row in pack.contacts}
    rows = [
        replace(row, verified=True) if (old := before.get(key_of("contacts", row))) and old.verified else row
        for row in pack.contacts
    ]
    rows += [row for key, row in before.items() if key in proved and key not in given]
    made = numbered("contacts", rows)
    return base.contacts if made == base.contacts else made


def _days(base: Pack, pack: Pack) -> tuple[Any, ...]:
    told = pack.calendar().days
    noticed = {at: day for at, day in base.calendar().days.items() if day.published}
    days = {**told, **noticed, **{at: day for at, day in told.items() if day.published}}
    made = told_days(Calendar(version=0, timezone=pack.city.timezone, spans=pack.city.spans, days=days))
    return base.days if tuple(made) == base.days else tuple(made)
