"""`duban bulletin`: from the draft to the files, as an operator types it."""

from pathlib import Path

import pytest
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE, PRINCIPAL
from tests.cli.conftest import Run
from tests.services.bulletins.desk import HEADQUARTERS, MORNING, a_half_month
from tests.web.link_desk import set_clock


@pytest.fixture
def duban(run: Run, session: Session) -> Run:
    """On the morning after a half month with two issues."""
    set_clock(session, MORNING)
    a_half_month(session)
    session.commit()
    return run


def drafted(duban: Run) -> str:
    return str(duban("bulletin", "draft", "half_month", "--as", OFFICE, "--json").json["id"])


def test_it_is_drafted_once(duban: Run) -> None:
    first = duban("bulletin", "draft", "half_month", "--as", OFFICE, "--json").json
    again = duban("bulletin", "draft", "half_month", "--on", "2026-11-20", "--as", OFFICE)
    assert (first["period_from"], first["period_to"], first["state"]) == ("2026-11-01", "2026-11-15", "draft")
    assert again.code == 2  # the 20th has not come
    assert duban("bulletin", "draft", "half_month", "--as", OFFICE, "--json").json["repeated"] is True


def test_a_dry_run_leaves_nothing(duban: Run) -> None:
    assert duban("bulletin", "draft", "weekly", "--as", OFFICE, "--dry-run").code == 0
    assert duban("bulletin", "list", "--as", OFFICE, "--json").json == []


def test_a_kind_that_is_none_is_refused(duban: Run) -> None:
    answer = duban("bulletin", "draft", "yearly", "--as", OFFICE)
    assert (answer.code, "half_month" in answer.err) == (2, True)


def test_from_the_draft_to_what_readers_see(duban: Run) -> None:
    key = drafted(duban)
    assert duban("bulletin", "edit", key, "--lead", "本期情况", "--as", OFFICE).code == 0
    assert duban("bulletin", "count", key, "--as", OFFICE).code == 0
    assert duban("bulletin", "approve", key, "--as", OFFICE).code == 3
    assert duban("bulletin", "approve", key, "--as", HEADQUARTERS).code == 0
    assert duban("bulletin", "show", key, "--as", PRINCIPAL).code == 4
    assert duban("bulletin", "publish", key, "--as", OFFICE).code == 0
    shown = duban("bulletin", "show", key, "--as", PRINCIPAL)
    assert (shown.code, "本期情况" in shown.out) == (0, True)
    (listed,) = duban("bulletin", "list", "--as", PRINCIPAL, "--json").json
    assert listed["state"] == "published"


def test_sent_back_and_withdrawn_with_a_reason(duban: Run) -> None:
    key = drafted(duban)
    duban("bulletin", "approve", key, "--as", HEADQUARTERS)
    assert duban("bulletin", "send-back", key, "--reason", "数据待核", "--as", HEADQUARTERS).code == 0
    assert duban("bulletin", "withdraw", key, "--reason", "重复", "--as", OFFICE).code == 0
    past = duban("bulletin", "show", key, "--as", OFFICE, "--json").json["history"]
    assert [(one["act"], one["why"]) for one in past][-2:] == [("sent_back", "数据待核"), ("withdrawn", "重复")]


@pytest.mark.parametrize(("name", "begins"), [("a.docx", b"PK"), ("a.xlsx", b"PK")])
def test_files_are_written_by_their_ending(duban: Run, tmp_path: Path, name: str, begins: bytes) -> None:
    key, file = drafted(duban), tmp_path / name
    assert duban("bulletin", "export", key, str(file), "--as", OFFICE).code == 0
    assert file.read_bytes().startswith(begins)


def test_a_file_of_another_kind_or_in_no_folder_is_refused(duban: Run, tmp_path: Path) -> None:
    key = drafted(duban)
    assert duban("bulletin", "export", key, str(tmp_path / "a.pdf"), "--as", OFFICE).code == 2
    assert duban("bulletin", "export", key, str(tmp_path / "no" / "a.docx"), "--as", OFFICE).code == 2


def test_who_may_not_is_refused_with_the_code_for_it(duban: Run) -> None:
    assert duban("bulletin", "draft", "weekly", "--as", HANDLER).code == 3
