"""Word to interviewers: which communities are theirs, and until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.message import Message
from models.survey import SurveyRound
from models.unit import ChannelClass
from notifications.outbox import wake
from services import bulk
from services.message_rows import message_row

ASSIGNED = "survey_assigned"
CHANNELS = (ChannelClass.APP, ChannelClass.MAIL, ChannelClass.CHAT)
SHOWN = 10


def tell_interviewers(
    session: Session, round_: SurveyRound, shared: Mapping[str, Sequence[str]], *, now: datetime
) -> None:
    """One message for each who goes. `shared`: interviewer → communities."""
    path = session.get_one(Area, round_.area_code).path
    wanted = [code for codes in shared.values() for code in codes]
    names = dict(session.exec(select(Area.code, Area.name).where(col(Area.code).in_(wanted))).all())
    rows: list[dict[str, Any]] = [
        message_row(
            key=f"survey-assigned-{round_.code}-{who}",
            kind=ASSIGNED,
            person=who,
            area_path=path,
            why="interviewer",
            channels=CHANNELS,
            now=now,
            facts={
                "round": round_.code,
                "start": round_.opens_on.isoformat(),
                "end": round_.closes_on.isoformat(),
                "count": len(codes),
                "points": [names[code] for code in codes[:SHOWN]],
                "page": f"/surveys/{round_.code}",
            },
        )
        for who, codes in shared.items()
    ]
    bulk.insert(session, Message, rows, or_skip=True)
    wake(session)
