"""`duban point signs`: signs with QR codes for points, as pages to be printed."""

from pathlib import Path
from typing import Annotated

from cli import options, showing
from cli.app import group
from cli.errors import NotWritable
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from runtime.i18n import gettext as _

points = group("point", _("Points: the signs that are put up there."))


@points.command("signs", help=_("Write signs with QR codes as a page to print: whoever scans one reports a problem."))
def write_signs(
    file: Annotated[Path, argument(_("The file to write."), metavar="FILE")],
    point: Annotated[list[str] | None, option(_("For this point; may be repeated."))] = None,
    area: Annotated[str, option(_("For all open points of this area and below."))] = "",
    category: Annotated[str, option(_("Only those of this category."))] = "",
    size: Annotated[str, option(_("How many on a page of A4: six or one."))] = "six",
    by: options.Who = None,
) -> None:
    from services.exports.sign_sheet import Size, sign_sheet
    from services.rulebook import the_city
    from services.signs import MOST, Wish, signs

    how = one_of(Size, size, field="size")
    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        wish, address = Wish(point or (), area, category), work.settings.public_url
        found, more = signs(session, wish, by=actor, public_url=address)
        page = sign_sheet(found, city=the_city(session).name, size=how)
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise NotWritable(file=file, why=error.strerror or error) from error
    said = _("{n} signs written to {file}; they lead to {address}.")
    showing.say(said.format(n=len(found), file=file, address=address))
    if more:
        showing.note(_("There are more than {n} points: name smaller areas for the rest.").format(n=MOST))
