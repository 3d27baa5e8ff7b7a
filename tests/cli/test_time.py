import pytest
from sqlmodel import Session

from models.city import City
from tests.cli.conftest import HANDLER, OFFICE, Run


def test_the_clock_shows_the_citys_time(run: Run) -> None:
    assert run("clock", "show").out == "2026-11-23 10:00\n"


def test_the_clock_of_a_demo_city_moves_forward(run: Run) -> None:
    assert run("clock", "forward", "3d").code == 0
    assert run("clock", "show", "--json").json["now"] == "2026-11-26T10:00:00+08:00"


def test_the_clock_moves_to_a_time(run: Run) -> None:
    assert run("clock", "forward", "to", "2026-12-01", "09:00", "--json").json["now"] == "2026-12-01T09:00:00+08:00"


@pytest.mark.parametrize("step", [["to", "2026-01-01"], ["soon"], ["0d"], ["99999w"]])
def test_the_clock_does_not_go_back_nor_out_of_the_calendar(run: Run, step: list[str]) -> None:
    assert run("clock", "forward", *step).code == 2
    assert run("clock", "show").out == "2026-11-23 10:00\n"


def test_the_clock_of_a_real_city_is_not_moved(run: Run, session: Session) -> None:
    session.get_one(City, "5103").demo = False
    session.commit()

    assert run("clock", "forward", "1h").code == 3


def test_a_tick_takes_the_steps_that_fell_due_and_tells_them(run: Run, assigned: str) -> None:
    run("clock", "forward", "1d")
    ended = run("tick", "--json")

    assert ended.code == 0, ended.err
    stages = {one["stage"]: one for one in ended.json["stages"]}
    assert stages["assigned"]["moved"]["escalate E1"] > 0
    assert ended.json["messages"]["sent"] > 0


def test_a_second_tick_finds_nothing(run: Run, assigned: str) -> None:
    run("tick")

    assert all(stage["due"] == 0 for stage in run("tick", "--json").json["stages"])


def test_a_tick_is_a_table_when_piped(run: Run, found: str) -> None:
    ended = run("tick", lang="zh-CN")

    assert ended.rows[0] == ["环节", "截止", "变动", "搁置"]
    assert "消息：" in ended.out


def test_why_tells_every_day_of_a_deadline(run: Run, rectifying: str) -> None:
    told = run("why", rectifying, "--json").json

    assert told["due_at"] == run("issue", "show", rectifying, "--json").json["issue"]["due_at"]
    assert told["clocks"][0]["lines"][0]["date"] == "2026-11-23"


def test_why_of_a_found_issue_says_that_no_clock_runs(run: Run, found: str) -> None:
    assert "Not assigned yet" in run("why", found).out


def test_why_of_an_unknown_issue_ends_with_4(run: Run) -> None:
    assert run("why", "ZG-2026-000404").code == 4


def test_preview_leads_up_to_the_city(run: Run, assigned: str) -> None:
    steps = run("preview", assigned, "--json").json

    assert [one["step"] for one in steps] == ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"]
    assert "E8" in run("preview", assigned, lang="zh-CN").out


def test_replay_compares_with_the_rules_of_a_pack(run: Run, assigned: str) -> None:
    run("clock", "forward", "5d")
    run("tick")
    ended = run("replay", "cities/zigong", "--from", "2026-11-01", "--json")

    assert ended.json["all"]["issues"] == 1


def test_replay_refuses_a_period_that_ends_before_it_begins(run: Run) -> None:
    assert run("replay", "cities/zigong", "--from", "2026-11-01", "--to", "2026-10-01").code == 2


def test_status_counts_and_is_well(run: Run, assigned: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.health.prefect_answers", lambda _: True)
    run("tick")
    ended = run("status", "--json")

    assert (ended.code, ended.json["well"]) == (0, True), ended.json["problems"]
    assert ended.json["issues"]["by_state"]["assigned"] == 1
    assert "待签收\t1" in run("status", lang="zh-CN").out


def test_status_says_when_nothing_runs_the_timers(run: Run, assigned: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.health.prefect_answers", lambda _: False)

    assert run("status").code == 1


def test_status_ends_with_1_when_steps_are_late(run: Run, assigned: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.health.prefect_answers", lambda _: True)
    run("clock", "forward", "3d")

    assert run("status").code == 1


def test_status_counts_what_is_overdue(run: Run, rectifying: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.health.prefect_answers", lambda _: False)
    run("clock", "forward", "10d")
    ended = run("status", "--json").json

    assert ended["issues"]["overdue"] == 1
    assert [row["number"] for row in run("issue", "list", "--overdue", "--json").json] == [rectifying]


def test_a_step_filter_finds_what_took_it(run: Run, assigned: str) -> None:
    run("clock", "forward", "10d")
    run("tick")

    assert [row["number"] for row in run("issue", "list", "--step", "e3", "--json").json] == [assigned]
    assert run("issue", "list", "--step", "E9").code == 2
    assert run("issue", "sign-in", assigned, "--as", HANDLER).code == 0
    assert run("issue", "comment", assigned, "--text", "…", "--as", OFFICE).code == 0
