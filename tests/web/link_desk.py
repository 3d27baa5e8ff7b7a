"""Shorthand for tests of links: the city's clock, a link for somebody, a form sent from its page, photos."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.issue import Issue
from models.link import LinkUse, Purpose, Ticket
from notifications.tickets import seal
from runtime import clock
from runtime.keys import link_keys
from runtime.settings import Settings
from tests.cast import HANDLER, MONDAY

NONCE = "0123456789abcdef"


def set_clock(session: Session, to: datetime = MONDAY) -> None:
    """Let it be that time in the city."""
    ahead = int((to - clock.system_now()).total_seconds())
    session.connection().execute(text("UPDATE city SET clock_offset_seconds = :ahead"), {"ahead": ahead})
    session.commit()


def link(session: Session, home: Path, purpose: str, issue: int, **other) -> str:
    """The path of a link as a message of now would carry it; anything in it may be otherwise."""
    row = session.get(Issue, issue, populate_existing=True)
    given = {
        "person": HANDLER,
        "lang": "zh-CN",
        "cycle": row.cycle,
        "rework": row.rework,
        "post": "D-CGJ:handler",
        "nonce": NONCE,
        "expires_at": MONDAY + timedelta(hours=72),
        **other,
    }
    keys = link_keys(Settings(home=home))
    return f"/l/{seal(Ticket(purpose=Purpose(purpose), issue_id=issue, **given), keys=keys)}"


def hidden(page: str) -> dict[str, str]:
    """The fields that a browser would send unseen."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


async def send(client: httpx.AsyncClient, path: str, files=(), *, page: str | None = None, **texts) -> httpx.Response:
    """Open the page and send its form; `page` is one that was opened before."""
    page = page or (await client.get(path)).text
    data = {**hidden(page), **texts}
    return await client.post(path, data=data, files=[("photos", one) for one in files] or [("taken", ("", b""))])


def uses(session: Session) -> list[str]:
    """Links that were used, by purpose."""
    session.rollback()
    return [row.purpose.value for row in session.exec(select(LinkUse).order_by(col(LinkUse.used_at)))]


def picture(name: str = "after.jpg", *, kind: str = "JPEG", size=(64, 48), colour="green") -> tuple[str, bytes, str]:
    """A photo as a browser uploads it."""
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return name, made.getvalue(), f"image/{kind.lower()}"
