"""The draw of a round, repeated: frame, seed, what was drawn from each stratum, and whether it comes out again."""

import csv
from io import StringIO

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from runtime.i18n import language
from services import audit_redraw, audit_view
from services.audit_choices import category_names
from web.deps import Here
from web.login import LoggedIn

router = APIRouter()
CSV = "text/csv; charset=utf-8"


@router.get("/{number}/draw", response_class=HTMLResponse)
def draw(number: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """Draw once more from the frozen frame, and say whether the points are the same."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    found = audit_redraw.redraw(here.session, round_)
    return here.pages.show(
        here.request,
        "audits/draw",
        round=round_,
        found=found,
        areas=audit_redraw.names(here.session, found),
        categories=category_names(here.session, lang=language()),
    )


@router.get("/{number}/frame.csv")
def frame(number: str, here: Here, reader: LoggedIn) -> Response:
    """The frame as a file, so that an auditor can repeat the draw elsewhere: its SHA-256 is over these very lines."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    found = audit_redraw.redraw(here.session, round_)
    lines = StringIO()
    written = csv.writer(lines, lineterminator="\n")
    written.writerows((one.point, one.category, one.area) for one in found.frame)
    headers = {"Content-Disposition": f'attachment; filename="{round_.number}-frame.csv"'}
    return Response(lines.getvalue(), media_type=CSV, headers=headers)
