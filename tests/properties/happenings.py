"""What happens to a city beside what people do with issues: time, new findings, notices, people who come and go."""

from collections.abc import Callable, Sequence

from sqlmodel import select

from models.calendar import WORKED, DayKind
from models.calendar_sources import NoticeDay
from models.city import City
from models.errors import DubanError
from models.issue import Source
from services import appointments, calendars, findings, people, seal, sweeps
from tests.properties.commands import Move
from tests.properties.model import Thing
from tests.properties.model_people import People
from tests.properties.naive_time import ONE_DAY
from tests.properties.walk import RULES, Days, Walk, office
from tests.small_city import AREAS, HOLDERS, NAMES, POINTS, STANDARDS

ADMINISTRATOR, FINDER = "R00005", "R00002"
CHANGE_HANDS = ("handler", "verifier", "direct_leader", "inspector")
POSTS = [f"{owner}:{kind}" for owner, kind, _, _ in HOLDERS if kind in CHANGE_HANDS]
EVERYBODY = list(NAMES)
KINDS = {True: (DayKind.HOLIDAY, DayKind.WORKDAY), False: (DayKind.MAKE_UP, DayKind.WEEKEND)}


def begin(walk: Walk, reached: Sequence[int]) -> None:
    """One issue at each point, each brought some way through its life."""
    for number, far in enumerate(reached):
        find(walk, Move(0, number, 0, number, 0))
        walk.forward(walk.things[-1], far)


def go_on(walk: Walk, move: Move) -> None:
    """One move: time passes, perhaps a round, and then something happens."""
    if walk.wait(move) and move.how % 2:
        tick(walk, move)
    if move.what < 72:
        walk.act(move)
    else:
        HAPPENINGS[move.what % len(HAPPENINGS)](walk, move)
    walk.session.commit()


def tick(walk: Walk, _: Move) -> None:
    """A round over small batches, without the lock of a round: that needs a connection of its own."""
    walk.session.commit()
    walk.say("tick")
    for stage in sweeps.STAGES:
        sweeps.sweep(walk.sessions, stage, now=walk.now, batch=3)
    walk.world.tick()


def find(walk: Walk, move: Move) -> None:
    code, _, category, area, unit, _, _ = POINTS[move.which % len(POINTS)]
    standard = [row for row in STANDARDS if row[0].startswith(category)][move.how % 2]
    severity = (None, None, "S1", "S5", "S6")[move.how % 5]
    source = (Source.SELF_CHECK, Source.SNAPSHOT)[move.how // 5 % 2]
    who = EVERYBODY[move.who % len(EVERYBODY)] if move.who > 60 else FINDER
    walk.say(f"{who} finds {standard[0]} at {code} {severity or ''}")
    finding = findings.Finding("垃圾桶满溢", source, point=code, standard=standard[0], severity=severity)
    try:
        (outcome,) = findings.find(walk.session, findings=[finding], by=walk.actor(who), now=walk.now)
    except DubanError:
        assert not walk.world.people.posts(who, walk.world.today)
        return
    proof, key = standard[5] != "none", outcome.issue_id or 0
    walk.world.find(Thing(key, who, code, path_of(area), standard[0], source, severity or standard[2], proof, unit))


def path_of(area: str) -> str:
    above = next(parent for code, _, _, parent in AREAS if code == area)
    return f"{path_of(above)}/{area}" if above else area


def notice(walk: Walk, move: Move) -> None:
    """Some days of one year become other days; a year that was only guessed becomes known as a whole."""
    first = walk.world.today + (1 + move.who % 20) * ONE_DAY
    dates = [day for day in (first + n * ONE_DAY for n in range(1 + move.how % 6)) if day.year == first.year]
    rows = [NoticeDay(date, KINDS[date.isoweekday() <= 5][move.which % 2]) for date in dates]
    old, new = walk.days[walk.world.calendar], _with(rows, walk.days[walk.world.calendar])
    by = walk.actor(ADMINISTRATOR)
    diff = calendars.import_notice(walk.session, rows=rows, source="通知", now=walk.now, by=by, commit=True)
    walk.say(f"notice, version {diff.version}: {[(str(row.date), row.kind.value) for row in rows]}")
    assert diff.version or old == new  # a holiday may become a plain weekend: known better, worked as before
    if diff.version:
        walk.days[diff.version], walk.world.offices[diff.version] = new, office(new)
        walk.world.calendar = diff.version
        moved = {thing.key for thing in walk.things if _moves(walk, thing)}
        assert moved == {change.issue_id for change in diff.issues if change.moves_deadline}


def _with(rows: Sequence[NoticeDay], days: Days) -> Days:
    year = {date: said for date, (_, said) in days.items() if date.year == rows[0].date.year}
    guessed = {} if all(year.values()) else {date: (date.isoweekday() <= 5, True) for date in year}
    return {**days, **guessed, **{row.date: (row.kind in WORKED, True) for row in rows}}


def _moves(walk: Walk, thing: Thing) -> bool:
    before = thing.due
    walk.world.notice(thing)
    return bool(before != thing.due)


def appoint(walk: Walk, move: Move) -> None:
    post, person, day = POSTS[move.how % len(POSTS)], EVERYBODY[move.who % len(EVERYBODY)], walk.world.today
    walk.say(f"{person} becomes {post}")
    by = walk.actor(ADMINISTRATOR)
    appointments.appoint(walk.session, by=by, post_code=post, person_code=person, start=day, now=walk.now)
    if tuple(post.split(":")) not in People(walk.world.people.tenures).posts(person, day):
        walk.world.people.appoint(post, person, day)


def dismiss(walk: Walk, move: Move) -> None:
    post, last = POSTS[move.how % len(POSTS)], walk.world.today - ONE_DAY
    for person in people.holders(walk.session, post, today=walk.world.today)[:1]:
        walk.say(f"{person} is no longer {post}")
        by = walk.actor(ADMINISTRATOR)
        appointments.dismiss(walk.session, by=by, post_code=post, person_code=person, last_day=last, now=walk.now)
        walk.world.people.dismiss(post, person, last)


def change_sides(walk: Walk, move: Move) -> None:
    """Whoever handled an issue leaves the unit and checks for the city from today: never their own work, though."""
    person = walk.things[move.which % len(walk.things)].handler
    if person is None:
        return
    by, day, new = walk.actor(ADMINISTRATOR), walk.world.today, "5103:verifier"
    walk.say(f"{person} changes sides")
    for owner, kind in People(walk.world.people.tenures).posts(person, day):
        post, last = f"{owner}:{kind}", day - ONE_DAY
        appointments.dismiss(walk.session, by=by, post_code=post, person_code=person, last_day=last, now=walk.now)
        walk.world.people.dismiss(post, person, last)
    appointments.appoint(walk.session, by=by, post_code=new, person_code=person, start=day, now=walk.now)
    walk.world.people.appoint(new, person, day)


def substitute(walk: Walk, move: Move) -> None:
    person, deputy = EVERYBODY[move.who % len(EVERYBODY)], EVERYBODY[move.how % len(EVERYBODY)]
    first, last = walk.world.today, walk.world.today + 5 * ONE_DAY
    if person != deputy:
        walk.say(f"{deputy} fills in for {person}")
        by = walk.actor(ADMINISTRATOR)
        appointments.substitute(
            walk.session, by=by, person_code=person, deputy_code=deputy, start=first, end=last, now=walk.now
        )
        walk.world.people.deputies.append((person, deputy, first, last))


def change_rules(walk: Walk, _: Move) -> None:
    walk.world.rules = "B" if walk.world.rules == "A" else "A"
    walk.say(f"rules {walk.world.rules}")
    walk.session.exec(select(City)).one().rule_set_code = RULES[walk.world.rules]
    walk.session.flush()


def seal_the_day(walk: Walk, _: Move) -> None:
    seal.seal_day(walk.session, now=walk.now)


HAPPENINGS: Sequence[Callable[[Walk, Move], None]] = (
    tick,
    find,
    tick,
    notice,
    find,
    appoint,
    tick,
    dismiss,
    change_sides,
    substitute,
    change_rules,
    seal_the_day,
)
