"""What time alone brings in the model: the ladder, the other clocks, the looks. Source: design 6, domain 9c."""

import datetime as dt
from fractions import Fraction

from tests.properties import model_rules as rule
from tests.properties.model_clocks import Clocks
from tests.properties.model_thing import RUNNING, Thing
from tests.properties.naive_time import add, between, due

ALL_STEPS = frozenset(range(9))


class Time(Clocks):
    """The rounds."""

    things: dict[int, Thing]

    def ladder(self, thing: Thing) -> dict[int, dt.datetime]:
        """When each step that was not taken falls due."""
        office, clock = self.office(thing), self.span(thing)[1]
        times = {1: thing.sign_in_due} if thing.state == "assigned" else {}
        used = between(office, thing.started, thing.due, clock) * Fraction(7, 10)
        times[2] = add(office, thing.started, round(used), clock)
        for step, days in rule.FROM_DUE[thing.rules or self.rules].items():
            times[step] = due(office, thing.due, *rule.offset(days, thing.severity)) if days else thing.due
        return {step: at for step, at in times.items() if step not in thing.steps}

    def stages(self, thing: Thing) -> dict[str, dt.datetime]:
        ahead = rule.STAGES.get(thing.state, {}) if thing.stage_due else {}
        late = {
            code: rule.offset(days, thing.severity) for code, days in ahead.items() if code not in thing.stage_steps
        }
        office = self.office(thing)
        return {code: due(office, thing.stage_due, *by) if by[0] else thing.stage_due for code, by in late.items()}

    def next_at(self, thing: Thing) -> dt.datetime | None:
        times = self.ladder(thing) if thing.state in RUNNING else self.stages(thing)
        return thing.look or min(times.values(), default=None)

    def pass_quietly(self, thing: Thing) -> None:
        """Who acts late leaves the passed steps on record. Source: decision 0012."""
        self.climb(thing, told=False)

    def sign_in_late(self, thing: Thing) -> None:
        """The step of signing in alone: the others still come. Source: decision 0012."""
        self.climb(thing, told=False, only=frozenset({1}))

    def climb(self, thing: Thing, *, told: bool, only: frozenset[int] = ALL_STEPS) -> None:
        passed = sorted(step for step, at in self.ladder(thing).items() if at <= self.now and step in only)
        for step in passed:
            thing.steps.add(step)
            self.record(thing, "escalate", f"E{step}", told and step == passed[-1])
        thing.orders += bool(told and passed and passed[-1] in rule.ORDERS)

    def tick(self) -> None:
        """One round: what is due, each thing once; only the highest step is told (promise 10)."""
        for state in rule.ROUND:
            for thing in [thing for thing in self.things.values() if thing.state == state]:
                at = self.next_at(thing)
                if at and at <= self.now:
                    self.bring(thing)

    def bring(self, thing: Thing) -> None:
        if thing.look:
            self.look(thing)
        if thing.state in RUNNING:
            self.climb(thing, told=True)
        else:
            self.remind(thing)

    def look(self, thing: Thing) -> None:
        thing.look = None
        if thing.state == "found":
            self.record(thing, "triage", None, False)
            same = (t for t in self.things.values() if t is not thing and t.state not in ("closed", "void"))
            alike = any((t.point, t.standard) == (thing.point, thing.standard) for t in same)
            if rule.AUTO_ASSIGN[thing.rules or self.rules] and not alike and not thing.returns:
                self.act("assign", thing, "system")
        elif not self.missing(thing):
            self.act("close_out", thing, "system")

    def remind(self, thing: Thing) -> None:
        passed = sorted((at, code) for code, at in self.stages(thing).items() if at <= self.now)
        for _, code in passed:
            thing.stage_steps.add(code)
            self.record(thing, "escalate", code, code == passed[-1][1])

    def jump(self, thing: Thing, reached: set[int]):
        """One level higher at once, on an overdue step. Source: decision 0007."""
        wanted = max(1, min((rule.LEVELS[step] for step in reached), default=5) - 1)
        for step in range(3, rule.PERSON_DECIDES):
            if step not in thing.steps and rule.LEVELS[step] <= wanted:
                thing.steps.add(step)
                thing.orders += step in rule.ORDERS
                return [("escalate", f"E{step}", True)]
        return None

    def missing(self, thing: Thing) -> bool:
        asked_public = thing.source in ("hotline_12345", "snapshot")
        return bool(
            (thing.proof and not thing.photo)
            or thing.verified_by in (None, thing.submitted_by)
            or (asked_public and thing.satisfaction not in ("satisfied", "fairly_satisfied"))
            or thing.orders
            or (thing.sweep and not thing.swept)
        )
