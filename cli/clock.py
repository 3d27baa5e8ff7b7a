"""`duban clock show | forward`: the city's time; a demo city's can be moved forward."""

from datetime import timedelta
from typing import Annotated

from cli import options, showing, times
from cli.app import group
from cli.opening import opened
from cli.options import argument
from runtime.i18n import gettext as _

clocks = group("clock", _("The city's time. A demo city's can be moved forward."))


@clocks.command("show", help=_("What time it is in the city."))
def show(as_json: options.AsJson = False) -> None:
    from sqlmodel import select

    from models.city import City

    with opened() as work, work.sessions() as session:
        city = session.exec(select(City)).one()
        now = work.now()
    if as_json:
        showing.print_json({"now": now, "offset_seconds": city.clock_offset_seconds, "demo": city.demo})
        return
    ahead = _(" (moved forward by {time})").format(time=times.how_long(timedelta(seconds=city.clock_offset_seconds)))
    showing.say(times.shown(now) + (ahead if city.clock_offset_seconds else ""))


@clocks.command("forward", help=_("Move a demo city's time: 3d, 2h, 30m, 1d12h, or: to 2026-12-01 09:00."))
def forward(
    step: Annotated[list[str], argument(_("How far, or until when."))],
    as_json: options.AsJson = False,
) -> None:
    from runtime import clock

    with opened() as work, work.sessions() as session:
        delta = times.read_step(" ".join(step), now=work.now)
        now = clock.forward(session, delta)
        session.commit()
    if as_json:
        showing.print_json({"now": now})
        return
    said = _("It is {now} in the city now. `duban tick` does what has fallen due.")
    showing.say(said.format(now=times.shown(now)))
