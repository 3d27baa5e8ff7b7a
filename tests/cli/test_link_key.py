"""Changing the key of the links in messages: who may, what becomes of links that were sent."""

from pathlib import Path

import pytest

from runtime.keys import link_keys
from runtime.settings import Settings
from tests.cli.conftest import HANDLER, OFFICE, Run


@pytest.fixture
def keys(run: Run, tmp_path: Path):
    """The keys as they are now."""
    return lambda: link_keys(Settings(home=tmp_path / "home"))


def test_a_new_key_signs_and_links_that_were_sent_still_work(run: Run, keys) -> None:
    (first,) = keys()
    ended = run("outbox", "change-key", "--as", OFFICE)

    assert (ended.code, keys()[1:]) == (0, (first,))
    assert "work until they expire" in ended.err


def test_revoked_no_link_that_was_sent_works(run: Run, keys) -> None:
    (first,) = keys()
    ended = run("outbox", "change-key", "--revoke", "--as", OFFICE)

    assert (ended.code, len(keys())) == (0, 1)
    assert first not in keys()
    assert "work no more" in ended.err


def test_who_changed_it_is_on_record_and_the_key_is_not(run: Run, keys) -> None:
    run("outbox", "change-key", "--revoke", "--as", OFFICE)
    ended = run("outbox", "record", "--json")

    (act,) = ended.json
    assert (act["operation"], act["person_code"], act["facts"]) == ("change_key", OFFICE, {"revoke": True})
    assert keys()[0] not in ended.out


def test_nobody_but_an_operator_changes_it(run: Run, keys) -> None:
    before = keys()

    assert run("outbox", "change-key", "--as", HANDLER).code == 3
    assert keys() == before


def test_where_the_key_is_given_it_is_told_where_to_change_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SECRET", "k" * 32)
    ended = run("outbox", "change-key", "--as", OFFICE)

    assert (ended.code, "DUBAN_SECRET" in ended.err) == (5, True)
    assert run("outbox", "record", "--json").json == []
