"""One bulletin: what a reader of it sees, and, below, what those who work on it may do."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.publication import Publication, PublicationEvent, PublicationState
from services import publications
from services.bulletins.reading import Reading
from web.bulletins.reading import Key, Leads, read, tools
from web.deps import Desk, Here
from web.lists.asked import address
from web.lists.reading import zone_of

router = APIRouter()


@router.get("/{key}", response_class=HTMLResponse)
def one(key: Key, here: Here, reader: Leads) -> HTMLResponse:
    """A bulletin."""
    return show(here, read(here, reader, key))


def show(
    here: Desk, reading: Reading, *, wrong: str = "", status: int = 200, why: str = "", act: str = ""
) -> HTMLResponse:
    """The page; `wrong`: why what was just tried was not done, `why` the reason that was typed for the act."""
    content, row = reading.content, reading.row
    return here.pages.show(
        here.request,
        "bulletins/page",
        status=status,
        **tools(reading),
        groups=_grouped(content["units"], "ranking_group"),
        scores=_grouped(_ranked(content), "group"),
        pairs=[pair for pair in content["pairs"] if pair["shown"]],
        history=_history(here, row),
        working=row.state in (PublicationState.DRAFT, PublicationState.APPROVED),
        zone=zone_of(here),
        wrong=wrong,
        why=why,
        act=act,
        after=row.period_to + timedelta(days=1),
        days=_days(content),
        hot=_hot(content),
        address=address,
    )


def _history(here: Desk, row: Publication) -> Sequence[tuple[PublicationEvent, str]]:
    """For those who work on it; what is published speaks for itself."""
    return () if row.state is PublicationState.PUBLISHED else publications.named_history(here.session, row.id or 0)


def _ranked(content: Any) -> list[Any]:
    """As the Word file has them; the annex lists those without cases too."""
    rows = content["scores"]["rows"] if content["scores"] else ()
    return [one for one in rows if one["rank"] is not None]


def _grouped(lines: list[Any], by: str) -> list[tuple[str, list[Any]]]:
    """Lines that follow each other in one ranking group."""
    return [(code, list(several)) for code, several in groupby(lines, key=lambda one: one[by])]


def _days(content: Any) -> list[Any]:
    """Each day with the lists of what was found and closed on it."""
    return [
        {
            **one,
            "found_at": address("/issues", **{"from": one["day"], "to": one["day"]}),
            "closed_at": address("/issues", closed_from=one["day"], closed_to=one["day"]),
        }
        for one in content["days"]
    ]


def _hot(content: Any) -> list[Any]:
    """Each hotspot with the list of its issues."""
    return [
        {
            **one,
            "address": address(
                "/issues", point=one["point"] or "", standard=one["standard"] or "", area=one["street"] or "", open=True
            ),
        }
        for one in content["hotspots"]
    ]
