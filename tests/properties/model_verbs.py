"""What people do, in the model: a method for each action, in the order of a life. Source: design 4, decisions."""

import datetime as dt
from fractions import Fraction
from typing import Any

from tests.properties import model_rules as rule
from tests.properties.model_people import People
from tests.properties.model_thing import OPEN, TABLE, Thing, need
from tests.properties.model_time import Time
from tests.properties.naive_time import add, between, due, is_provisional


class Verbs(Time):
    """`need` refuses; what is returned was recorded after the action itself."""

    people: People

    def do_assign(self, thing: Thing, who: str, *, to=None, severity=None, assisting=(), sweep=None):
        level = self.people.level(who, thing, self.today, "dispatcher") if who != "system" else 9
        need(thing.returns < 2 or level <= 2, "level")
        thing.unit = to or thing.suggestion
        thing.assisting = tuple(code for code in assisting or () if code != thing.unit)
        thing.severity = severity or thing.severity
        thing.sweep = thing.relapses > 0 or (thing.sweep if sweep is None else sweep)
        thing.state, thing.rules, thing.calendar = "assigned", self.rules, self.calendar
        thing.steps, thing.assigned = {0}, self.now
        thing.sign_in_due = due(self.office(thing), self.now, *rule.limit(self.own(thing).sign_in))
        self.start(thing)

    def do_merge(self, thing: Thing, who: str, *, into: int):
        need(into != thing.key and self.things[into].state in OPEN, "into")
        thing.state, thing.stage_due = "void", None

    def do_void(self, thing: Thing, who: str):
        thing.state, thing.stage_due = "void", None

    def do_sign_in(self, thing: Thing, who: str):
        self.sign_in_late(thing)
        thing.state, thing.handler = "rectifying", who
        thing.workers.add(who)

    def do_return(self, thing: Thing, who: str):
        need(not self.designated(thing), "designated")
        self.back(thing)

    def designated(self, thing: Thing) -> bool:
        """After two returns the district names the owner: for good, but for a request. Source: domain 9g."""
        return thing.returns >= 2

    def back(self, thing: Thing) -> None:
        """A new cycle, and nobody's. Source: decision 0005."""
        self.pass_quietly(thing)
        thing.state, thing.unit, thing.handler, thing.assisting = "found", None, None, ()
        thing.returns += 1
        thing.steps, thing.due, thing.started, thing.sign_in_due, thing.provisional = set(), None, None, None, False
        thing.extensions = thing.orders = 0
        thing.swept = False
        self.next_cycle(thing)
        self.stage(thing, "4 working_hours")

    def next_cycle(self, thing: Thing) -> None:
        thing.cycle, thing.workers, thing.fails, thing.photo = thing.cycle + 1, set(), 0, False

    def do_submit(self, thing: Thing, who: str, *, photo: bool):
        need(photo or thing.photo or not thing.proof, "proof")
        self.pass_quietly(thing)
        thing.photo |= photo
        thing.state, thing.submitted_by = "rectified", who
        thing.workers.add(who)
        self.stage(thing, self.own(thing).verify)

    def do_pass(self, thing: Thing, who: str):
        need(self.people.is_independent(who, thing, self.today), "independent")
        thing.state, thing.verified_by = "verified", who
        self.stage(thing, self.own(thing).close)

    def do_fail(self, thing: Thing, who: str):
        need(self.people.is_independent(who, thing, self.today), "independent")
        thing.fails += 1
        self.rework(thing)
        return self.jump(thing, thing.steps) if thing.fails >= 2 else None

    def rework(self, thing: Thing) -> None:
        thing.state, thing.rework = "rectifying", thing.rework + 1
        self.start(thing, half=True)

    def do_dispute(self, thing: Thing, who: str):
        self.rework(thing)
        thing.verified_by = thing.satisfaction = None

    def do_call_back(self, thing: Thing, who: str, *, answer: str):
        need(self.people.is_independent(who, thing, self.today), "independent")
        thing.satisfaction = answer
        if answer == "dissatisfied" and thing.state == "verified":
            self.rework(thing)
            thing.verified_by = None
            return [("dispute", None, True)]
        return None

    def do_close_out(self, thing: Thing, who: str):
        need(not self.missing(thing), "conditions")
        thing.state, thing.closed, thing.stage_due = "closed", self.now, None
        thing.draw_is_open = True  # the walk tells

    def do_reopen(self, thing: Thing, who: str):
        thing.state, thing.calendar, thing.steps = "rectifying", self.calendar, {0}
        thing.extensions, thing.swept, thing.satisfaction, thing.verified_by = 0, False, None, None
        self.next_cycle(thing)
        self.start(thing)

    def do_relapse(self, thing: Thing, who: str):
        reached, recent = set(thing.steps), self.now - thing.closed <= dt.timedelta(days=30)
        self.do_reopen(thing, who)
        thing.relapses, thing.sweep = thing.relapses + 1, True
        return self.jump(thing, reached) if recent else None

    def do_look_back(self, thing: Thing, who: str):
        need(self.people.is_independent(who, thing, self.today), "independent")
        need(who != thing.verified_by, "same eyes")
        thing.stage_due = None

    def do_report_sweep(self, thing: Thing, who: str):
        need(not (thing.sweep and thing.relapses), "sheets")
        thing.swept = True

    def do_waive_sweep(self, thing: Thing, who: str):
        need(thing.sweep and not thing.swept, "no sweep")
        thing.sweep = False

    def do_reply_order(self, thing: Thing, who: str):
        need(thing.orders, "no order")
        thing.orders = 0

    def do_mark_leader(self, thing: Thing, who: str):
        need(not thing.leader, "marked")
        thing.leader = True

    def do_unmark_leader(self, thing: Thing, who: str):
        need(thing.leader, "not marked")
        thing.leader = False

    def do_comment(self, thing: Thing, who: str):
        pass

    do_unreachable = do_comment

    def do_attach(self, thing: Thing, who: str, *, kind: str):
        thing.photo |= kind == "after"

    # What a unit asks for

    def ask(self, thing: Thing, kind: str, what: Any) -> None:
        need(kind not in thing.asked, "asked")
        thing.asked[kind] = what

    def decide(self, thing: Thing, who: str, kind: str, level: int) -> Any:
        need(kind in thing.asked, "nothing asked")
        need(self.people.level(who, thing, self.today, TABLE["grant_" + kind][1]) <= level, "level")
        return thing.asked.pop(kind)

    def refuse(self, thing: Thing, kind: str) -> None:
        need(kind in thing.asked, "nothing asked")
        thing.asked.pop(kind)

    def do_ask_return(self, thing: Thing, who: str):
        self.ask(thing, "return", None)

    def do_grant_return(self, thing: Thing, who: str):
        self.decide(thing, who, "return", 2)
        self.back(thing)

    def do_refuse_return(self, thing: Thing, who: str):
        self.refuse(thing, "return")

    def fits(self, thing: Thing, amount: str) -> None:
        own = self.own(thing)
        need(thing.extensions < own.times, "times")
        (much, clock), (most, of) = rule.limit(amount), rule.limit(own.most)
        need(clock == of and 0 < much <= most, "amount")

    def do_ask_extension(self, thing: Thing, who: str, *, amount: str):
        need(self.now < thing.due, "late")
        self.fits(thing, amount)
        self.ask(thing, "extension", amount)

    def do_grant_extension(self, thing: Thing, who: str, *, amount=None):
        asked = self.decide(thing, who, "extension", self.own(thing).level)
        granted = rule.limit(amount or asked)
        self.fits(thing, amount or asked)
        need(granted[1] == rule.limit(asked)[1] and granted[0] <= rule.limit(asked)[0], "more than asked")
        old, office, clock = thing.due, self.office(thing), self.span(thing)[1]
        thing.due = due(office, old, *granted)
        thing.provisional |= is_provisional(office, old, thing.due, *granted)
        thing.granted += between(office, old, thing.due, clock)
        thing.extensions += 1

    def do_refuse_extension(self, thing: Thing, who: str):
        self.refuse(thing, "extension")

    def do_ask_shelving(self, thing: Thing, who: str, *, milestone: dt.datetime):
        need(milestone > self.now, "past")
        self.ask(thing, "shelving", milestone)

    def do_grant_shelving(self, thing: Thing, who: str):
        milestone = self.decide(thing, who, "shelving", 2)
        need(milestone > self.now, "past")
        self.pass_quietly(thing)
        thing.state, thing.shelved, thing.stage_due = "shelved", self.now, milestone
        thing.remaining = between(self.office(thing), self.now, thing.due, self.span(thing)[1])

    def do_refuse_shelving(self, thing: Thing, who: str):
        self.refuse(thing, "shelving")

    def do_resume(self, thing: Thing, who: str):
        office, clock = self.office(thing), self.span(thing)[1]
        used = between(office, thing.started, thing.shelved, clock)
        thing.due, thing.started = add(office, self.now, thing.remaining, clock), add(office, self.now, -used, clock)
        first, last = sorted((self.now, thing.due))
        thing.provisional = is_provisional(office, first, last, Fraction(0), clock)
        thing.state, thing.stage_due = "rectifying", None
