"""A program with a token of somebody."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session

from models.api import ApiScope
from runtime import clock
from services import tokens

Calls = Callable[..., httpx.AsyncClient]


@pytest.fixture
def calls(city: Session, client: httpx.AsyncClient) -> Calls:
    """`calls(OFFICE)`: from now on the client sends a token of that person."""

    def calling(person: str, *scopes: str) -> httpx.AsyncClient:
        token = tokens.create_token(
            city,
            person,
            name="test",
            scopes=scopes or tuple(ApiScope),
            lasts=timedelta(days=1),
            now=clock.true_now(city),
        )
        city.commit()
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    return calling
