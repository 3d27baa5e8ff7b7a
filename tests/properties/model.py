"""The life of issues, said a second time: small, slow, from design sections 4 to 6, domain 9 and the decisions alone.

`Refusal` means no. `trail` holds what was recorded: action, step, and whether somebody must hear of it.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.properties.model_people import People
from tests.properties.model_thing import LOOKED_AT_AGAIN, RUNNING, SILENT, TABLE, Refusal, Thing, need
from tests.properties.model_verbs import Verbs
from tests.properties.naive_time import Office

__all__ = ["RUNNING", "SILENT", "TABLE", "Refusal", "Thing", "World"]


@dataclass
class World(Verbs):
    """The city at one time: its rules and calendars, its people, its issues."""

    offices: dict[int, Office]
    calendar: int
    now: dt.datetime
    rules: str = "A"
    people: People = field(default_factory=People)
    things: dict[int, Thing] = field(default_factory=dict)

    def act(self, action: str, thing: Thing, who: str, **data: Any) -> None:
        states, roles = TABLE[action]
        need(thing.state in states, "state")
        need({*roles.split()} & self.roles(who, thing), "role")
        state = thing.state
        told = getattr(self, "do_" + action)(thing, who, **data) or []
        self.record(thing, action, None, action not in SILENT)
        thing.trail += told
        if thing.state != state:
            self.moved_on(thing, action)
        if thing.state == "verified" and action in LOOKED_AT_AGAIN:
            thing.look = self.now

    def roles(self, who: str, thing: Thing) -> set[str]:
        return {"system"} if who == "system" else self.people.roles(who, thing, self.today)

    @property
    def today(self) -> dt.date:
        return self.offices[self.calendar].local(self.now).date()

    def moved_on(self, thing: Thing, action: str) -> None:
        thing.stage_steps = set()
        thing.look = self.now if thing.state in ("found", "verified") else None
        if action != "sign_in":
            thing.asked = {}

    def find(self, thing: Thing) -> None:
        need(thing.found_by == "system" or self.people.posts(thing.found_by, self.today), "stranger")
        self.things[thing.key] = thing
        self.stage(thing, "4 working_hours")
        thing.look = self.now
        self.record(thing, "find", None, True)
