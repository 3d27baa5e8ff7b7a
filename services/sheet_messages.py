"""Word to the inspectors of a round: which points, when. Nobody else hears of it, for a covert round is covert."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Round
from models.message import Message
from models.point import Point
from models.unit import ChannelClass
from notifications.outbox import wake
from services import bulk
from services.message_rows import message_row

SHEET_ASSIGNED = "sheet_assigned"
CHANNELS = (ChannelClass.APP, ChannelClass.MAIL, ChannelClass.CHAT)
SHOWN_POINTS = 10


def tell_inspectors(
    session: Session, round_: Round, sheets: Mapping[str, Sequence[str]], *, area: Area, now: datetime, turn: str = ""
) -> None:
    """One message row for each inspector, in the caller's transaction. `turn`: not the first sheets of this round."""
    drawn = [point for points in sheets.values() for point in points]
    names = dict(session.exec(select(Point.code, Point.name).where(col(Point.code).in_(drawn))).all())
    rows = [
        message_row(
            key=f"round-{round_.number}-{who}{turn and f'-{turn}'}",
            kind=SHEET_ASSIGNED,
            person=who,
            area_path=area.path,
            why="inspector",
            channels=CHANNELS,
            now=now,
            facts={
                "round": round_.number,
                "round_kind": round_.kind,
                "area": area.name,
                "on_date": round_.on_date,
                "count": len(points),
                "points": [names[point] for point in points[:SHOWN_POINTS]],
                "page": f"/audits/{round_.number}",
            },
        )
        for who, points in sheets.items()
    ]
    if bulk.insert(session, Message, rows, or_skip=True):
        wake(session)
