"""Who reported a problem as one of the public is asked, once it is verified, whether it is put right."""

import pytest
from sqlmodel import Session

from tests.cast import INSPECTOR, an_issue, messages


@pytest.mark.parametrize(("source", "asked"), [("hotline_12345", True), ("snapshot", True), ("announced", False)])
def test_the_finder_is_asked_where_the_close_out_rules_want_the_public(city: Session, source: str, asked: bool) -> None:
    key = an_issue(city, state="verified", source=source)

    assert (("passed", INSPECTOR) in messages(city, key)) is asked
