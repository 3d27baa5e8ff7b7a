"""The example that newcomers run works as it says."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from examples import api_client
from models.api import ApiScope
from models.issue import Issue
from runtime import clock
from services import tokens
from tests.cast import INSPECTOR
from tests.web.api.test_openapi import address

__all__ = ["address"]


def test_the_example_reports_once_however_often_it_runs(
    city: Session, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = clock.true_now(city)
    token = tokens.create_token(city, INSPECTOR, name="x", scopes=list(ApiScope), lasts=timedelta(days=1), now=now)
    city.commit()
    monkeypatch.setenv("DUBAN_TOKEN", token)
    monkeypatch.setattr(api_client, "ADDRESS", address.removesuffix("/api/v1"))
    assert (api_client.main(), api_client.main()) == (0, 0)
    (issue,) = city.exec(select(Issue)).all()
    assert capsys.readouterr().out.count(f"reported: {issue.number}") == 2
