"""The model's clocks: what starts, stops, moves and recounts a deadline. Source: design 5, domain 9b."""

import datetime as dt
from fractions import Fraction

from tests.properties import model_rules as rule
from tests.properties.model_thing import OPEN, RUNNING, Thing
from tests.properties.naive_time import Office, add, between, due, is_provisional


class Clocks:
    """Knows the rules and the calendars of the city; `World` has the fields."""

    offices: dict[int, Office]
    calendar: int
    rules: str
    now: dt.datetime

    def record(self, thing: Thing, action: str, step: str | None, told: bool) -> None:
        thing.trail.append((action, step, told))

    def office(self, thing: Thing) -> Office:
        return self.offices[thing.calendar or self.calendar]

    def own(self, thing: Thing) -> rule.Severity:
        return rule.SEVERITIES[thing.rules or self.rules][thing.severity]

    def span(self, thing: Thing) -> rule.Span:
        amount, clock = rule.limit(self.own(thing).limit)
        return (amount / 2 if thing.half else amount), clock

    def start(self, thing: Thing, *, half: bool = False) -> None:
        """The deadline's clock, from the beginning: the whole limit, or half of it after a failed check."""
        thing.half, thing.started, thing.granted, thing.stage_due = half, self.now, 0, None
        self.count(thing)

    def count(self, thing: Thing) -> None:
        amount, clock = self.span(thing)
        office = self.office(thing)
        end = due(office, thing.started, amount, clock)
        thing.due = add(office, end, thing.granted, clock) if thing.granted else end
        thing.provisional = is_provisional(office, thing.started, thing.due, amount, clock)

    def is_moved(self, thing: Thing) -> bool:
        """Whether shelving has moved the clock: its limit no longer gives its deadline."""
        amount, clock = self.span(thing)
        end = due(self.office(thing), thing.started, amount, clock)
        return thing.due != (add(self.office(thing), end, thing.granted, clock) if thing.granted else end)

    def stage(self, thing: Thing, written: str) -> None:
        thing.stage_start, thing.stage_due = self.now, due(self.office(thing), self.now, *rule.limit(written))

    def do_reapply_rules(self, thing: Thing, who: str, *, severity=None):
        was, moved = self.span(thing), self.is_moved(thing)
        old = self.office(thing)
        thing.rules, thing.severity = self.rules, severity or thing.severity
        limit = self.span(thing)
        if was == limit or (moved and was[1] == limit[1]):
            self.onto_new_days(thing, old, moved)
            self.lengthen(thing, limit[0] - was[0])
        else:
            thing.granted = round(thing.granted * self.unit(limit[1]) / self.unit(was[1]))
            thing.calendar = self.calendar
            self.count(thing)
        if thing.state == "assigned":
            thing.sign_in_due = due(self.office(thing), thing.assigned, *rule.limit(self.own(thing).sign_in))

    def unit(self, clock: str) -> int:
        return self.offices[self.calendar].day if clock.startswith("working") else 24 * 3_600_000_000

    def lengthen(self, thing: Thing, more: Fraction) -> None:
        clock = self.span(thing)[1]
        if more:
            length = self.unit(clock) if clock.endswith("days") else 3_600_000_000
            thing.due = add(self.office(thing), thing.due, round(more * length), clock)
            first, last = sorted((self.now, thing.due))
            thing.provisional = is_provisional(self.office(thing), first, last, Fraction(0), clock)

    def onto_new_days(self, thing: Thing, old: Office, moved: bool) -> None:
        """The same limit over the days as they now are; after shelving, the same working time from the same start."""
        clock = self.span(thing)[1]
        time = between(old, thing.started, thing.due, clock)
        thing.calendar = self.calendar
        if not moved:
            return self.count(thing)
        thing.due = add(self.office(thing), thing.started, time, clock)
        thing.provisional = is_provisional(self.office(thing), thing.started, thing.due, Fraction(0), clock)

    def notice(self, thing: Thing) -> None:
        """The calendar has changed: every clock that runs is counted again."""
        if thing.state not in OPEN - {"found"}:
            return
        old, before = self.office(thing), thing.due
        if thing.state in RUNNING:
            self.onto_new_days(thing, old, self.is_moved(thing))
        thing.calendar = self.calendar
        if thing.state == "assigned":
            thing.sign_in_due = due(self.office(thing), thing.assigned, *rule.limit(self.own(thing).sign_in))
        if thing.state in ("rectified", "verified"):
            limit = self.own(thing).verify if thing.state == "rectified" else self.own(thing).close
            thing.stage_due = due(self.office(thing), thing.stage_start, *rule.limit(limit))
        self.record(thing, "recompute", None, before != thing.due)
