"""Reading and sending pages of the ranking as somebody, in a few words."""

import re

import httpx
from sqlmodel import Session, select

from models.appeal import Appeal
from tests.cast import OFFICE
from tests.web.visitor import log_in

MONTH, UNIT = "/ranking/2026-10", "/ranking/2026-10/units/D-CGJ"
MARKET_LEADER = "R00024"


async def get(city: Session, client: httpx.AsyncClient, address: str, *, by: str = OFFICE, **asked: str):
    log_in(city, client, by)
    return await client.get(address, params={"lang": "en", **asked})


async def post(city: Session, client: httpx.AsyncClient, address: str, *, by: str = OFFICE, **given: str):
    log_in(city, client, by)
    return await client.post(address, data=given)


def seen_in(shown: str) -> str:
    found = re.search(r'name="seen" value="(\w*)"', shown)
    assert found
    return found[1]


def one_appeal(city: Session) -> Appeal:
    return city.exec(select(Appeal)).one()
