"""Shorthand for tests of the log-in's pages: what a browser types, the letters that leave, an app on a phone."""

import re
from datetime import timedelta

import httpx
import pyotp
from fastapi import FastAPI
from sqlmodel import Session, col, select

from models.account import Account, LoginSession
from models.unit import Person
from notifications.channels import Channels
from runtime import clock
from runtime.keys import account_keys
from services.accounts import passwords, second
from services.accounts.vault import Vault
from tests.cast import HANDLER
from tests.notifications.desk import Memory, doors

PASSWORD = "correct horse battery"
STEP = timedelta(seconds=30)


def app_of(client: httpx.AsyncClient) -> FastAPI:
    return client._transport.app


def give_password(session: Session, person: str = HANDLER) -> None:
    passwords.set_password(session, session.get_one(Person, person), PASSWORD, now=clock.true_now(session))
    session.commit()


async def log_in(client: httpx.AsyncClient, person: str = HANDLER, password: str = PASSWORD, **more) -> httpx.Response:
    return await client.post("/login", data={"name": person, "password": password, **more})


def catch_letters(client: httpx.AsyncClient) -> Memory:
    """From now on letters stay here."""
    memory = Memory()
    use_channels(client, doors(memory))
    return memory


def use_channels(client: httpx.AsyncClient, channels: Channels) -> None:
    vars(app_of(client).state.errands)["channels"] = channels


def letters_left(client: httpx.AsyncClient) -> None:
    """Wait until everything that was set going has ended."""
    app_of(client).state.errands.finish()


def link_in(memory: Memory) -> str:
    """The path of the link in the last letter."""
    return "/login/key/" + memory.letters[-1][1].links[0].url.rpartition("/")[2]


def code_in(memory: Memory) -> str:
    return re.findall(r"\d{8}", memory.letters[-1][1].body)[0]


def give_app(session: Session, client: httpx.AsyncClient, person: str = HANDLER) -> tuple[pyotp.TOTP, list[str]]:
    """An app that was set up an hour ago, and the recovery codes."""
    vault = Vault(account_keys(app_of(client).state.settings))
    earlier = clock.true_now(session) - timedelta(hours=1)
    second.begin(session, person, vault=vault)
    session.commit()
    app = app_on_phone(session, client, person)
    codes = second.confirm(session, person, app.at(earlier), vault=vault, now=earlier)
    session.commit()
    return app, codes


def app_on_phone(session: Session, client: httpx.AsyncClient, person: str = HANDLER) -> pyotp.TOTP:
    """The app that has read the picture."""
    session.rollback()
    vault = Vault(account_keys(app_of(client).state.settings))
    return pyotp.TOTP(vault.open(session.get_one(Account, person, populate_existing=True).totp_secret))


def now_code(session: Session, app: pyotp.TOTP, *, steps: int = 0) -> str:
    return app.at(clock.true_now(session) + steps * STEP)


def open_sessions(session: Session) -> list[tuple[str, str, bool]]:
    """Whose sessions hold, how they were opened, and whether the second step was taken."""
    session.rollback()
    rows = session.exec(select(LoginSession).where(col(LoginSession.ended_at).is_(None)).order_by(col(LoginSession.id)))
    return [(row.person_code, row.method, bool(row.second_at)) for row in rows]


async def is_in(client: httpx.AsyncClient) -> bool:
    return (await client.get("/me")).status_code == 200
