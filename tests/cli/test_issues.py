from pathlib import Path

import pytest

from tests.cli.conftest import HANDLER, INSPECTOR, OFFICE, VERIFIER, Run


def test_a_found_issue_gets_a_number_and_waits_for_assignment(run: Run) -> None:
    ended = run("issue", "find", "占道经营", "--point", "P-0001", "--as", INSPECTOR, "--json")

    assert ended.code == 0
    assert [(row["number"], row["state"], row["done"]) for row in ended.json] == [("ZG-2026-000001", "found", ["find"])]


def test_an_issue_walks_from_found_to_closed_by_the_command_line(run: Run, rectifying: str, png: Path) -> None:
    run("issue", "submit", rectifying, "--result", "已清理", "--photo", str(png), "--as", HANDLER)
    run("issue", "pass", rectifying, "--as", VERIFIER)
    ended = run("issue", "close", rectifying, "--as", OFFICE, "--json")

    assert ended.code == 0, ended.err
    assert ended.json[0]["state"] == "closed"


def test_a_photo_of_an_issue_comes_back_as_it_was_handed_in(
    run: Run, rectifying: str, png: Path, tmp_path: Path
) -> None:
    run("issue", "attach", rectifying, "--photo", str(png), "--as", HANDLER)
    sha = run("issue", "show", rectifying, "--json").json["evidence"][0]["sha256"]

    assert run("issue", "photo", rectifying, sha[:8], str(tmp_path / "out.png")).code == 0
    assert (tmp_path / "out.png").read_bytes() == png.read_bytes()


def test_nobody_acting_is_refused_and_names_both_ways(run: Run) -> None:
    ended = run("issue", "find", "占道经营", "--point", "P-0001")

    assert ended.code == 2
    assert "--as" in ended.err
    assert "DUBAN_ACTOR" in ended.err


def test_the_actor_may_come_from_the_environment(run: Run, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_ACTOR", OFFICE)

    assert run("issue", "assign", found).code == 0


def test_an_unknown_issue_ends_with_4(run: Run) -> None:
    ended = run("issue", "sign-in", "ZG-2026-999999", "--as", HANDLER)

    assert (ended.code, ended.err.strip()) == (4, "There is no issue “ZG-2026-999999”.")


def test_a_refusal_ends_with_3_and_speaks_the_readers_language(run: Run, assigned: str) -> None:
    english = run("issue", "sign-in", assigned, "--as", INSPECTOR)
    chinese = run("issue", "sign-in", assigned, "--as", INSPECTOR, lang="zh-CN")

    assert english.code == chinese.code == 3
    assert english.err.startswith("You may not do “sign in” here. It is for: handler, unit leader.")
    assert chinese.err.startswith("您无权在此执行“签收”")


def test_several_issues_are_done_all_or_none(run: Run, assigned: str) -> None:
    other = run("issue", "find", "无公益广告", "--point", "P-0001", "--as", INSPECTOR, "--json").json[0]["number"]

    ended = run("issue", "sign-in", assigned, other, "--as", HANDLER)

    assert ended.code == 3
    assert run("issue", "show", assigned, "--json").json["issue"]["state"] == "assigned"


def test_a_dry_run_shows_the_outcome_and_changes_nothing(run: Run, assigned: str) -> None:
    ended = run("issue", "sign-in", assigned, "--as", HANDLER, "--dry-run", "--json")

    assert ended.json[0]["state"] == "rectifying"
    assert run("issue", "show", assigned, "--json").json["issue"]["state"] == "assigned"


def test_a_dry_run_stores_no_photo(run: Run, rectifying: str, png: Path, tmp_path: Path) -> None:
    run("issue", "submit", rectifying, "--result", "好", "--photo", str(png), "--as", HANDLER, "--dry-run")

    assert not list((tmp_path / "home").rglob("*"))


def test_proof_without_a_photo_is_refused(run: Run, rectifying: str) -> None:
    ended = run("issue", "submit", rectifying, "--result", "已清理", "--as", HANDLER)

    assert ended.code == 2
    assert "a photo of the place after the work" in ended.err


def test_a_missing_photo_file_is_named(run: Run, rectifying: str, tmp_path: Path) -> None:
    path = tmp_path / "none.jpg"
    ended = run("issue", "submit", rectifying, "--result", "好", "--photo", str(path), "--as", HANDLER)

    assert (ended.code, ended.err.strip()) == (2, f"There is no file {path}.")


def test_a_text_file_is_no_photo(run: Run, rectifying: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("not a photo")
    ended = run("issue", "attach", rectifying, "--photo", str(tmp_path / "a.jpg"), "--as", HANDLER)

    assert ended.code == 2
    assert "is not a photo, a video, or a PDF" in ended.err


def test_the_list_is_tab_separated_when_piped(run: Run, assigned: str) -> None:
    ended = run("issue", "list")

    assert ended.rows[0][:3] == ["Number", "State", "Severity"]
    assert ended.rows[1][:3] == [assigned, "assigned", "S2"]


def test_the_list_is_filtered_by_state_area_and_words(run: Run, assigned: str) -> None:
    assert len(run("issue", "list", "--state", "assigned", "--area", "510302", "--text", "占道", "--json").json) == 1
    assert run("issue", "list", "--state", "closed", "--json").json == []
    assert run("issue", "list", "--area", "510303", "--json").json == []
    assert run("issue", "list", "--text", "100%", "--json").json == []


def test_a_list_goes_on_after_the_last_number_shown(run: Run) -> None:
    for text in ("一", "二", "三"):
        run("issue", "find", text, "--point", "P-0001", "--as", INSPECTOR)
    first = run("issue", "list", "--limit", "2")
    second = run("issue", "list", "--limit", "2", "--after", first.rows[-1][0], "--json")

    assert "--after ZG-2026-000002" in first.err
    assert [row["number"] for row in second.json] == ["ZG-2026-000001"]


def test_an_issue_is_shown_with_its_events(run: Run, assigned: str) -> None:
    shown = run("issue", "show", assigned, lang="zh-CN").out

    assert "待签收" in shown
    assert "自贡市 / 自流井区 / 五星街街道 / 高山井社区 / 第一网格" in shown
    assert "交办" in shown


def test_a_shown_issue_has_iso_times_in_the_city(run: Run, assigned: str) -> None:
    shown = run("issue", "show", assigned, "--json").json

    assert shown["issue"]["assigned_at"] == "2026-11-23T10:00:00+08:00"
    assert [event["action"] for event in shown["events"]] == ["find", "assign"]


def test_control_characters_of_a_description_do_not_reach_the_terminal(run: Run) -> None:
    run("issue", "find", "红\x1b[31m字\t一", "--point", "P-0001", "--as", INSPECTOR)

    assert "\x1b" not in run("issue", "list").out
    assert len(run("issue", "list").rows[1]) == len(run("issue", "list").rows[0])


def test_an_unknown_source_is_told_with_all_that_are_known(run: Run) -> None:
    ended = run("issue", "find", "一", "--point", "P-0001", "--source", "rumour", "--as", INSPECTOR)

    assert ended.code == 2
    assert "covert" in ended.err


def test_a_severity_that_the_rules_do_not_know_ends_with_4(run: Run, found: str) -> None:
    assert run("issue", "list", "--severity", "s2", "--severity", "S3").code == 0

    ended = run("issue", "list", "--severity", "S9")

    assert ended.code == 4
    assert "S9" in ended.err


def test_a_photo_is_named_by_four_digits_at_least(run: Run, found: str, tmp_path: Path) -> None:
    for name in ("", "ca9", "zzzz"):
        assert run("issue", "photo", found, name, str(tmp_path / "out.png")).code == 2


def test_a_photo_that_cannot_be_written_is_told(run: Run, rectifying: str, png: Path, tmp_path: Path) -> None:
    run("issue", "submit", rectifying, "--result", "已清理", "--photo", str(png), "--as", HANDLER)
    sha256 = run("issue", "show", rectifying, "--json").json["evidence"][0]["sha256"]

    ended = run("issue", "photo", rectifying, sha256, str(tmp_path / "no" / "out.png"), lang="zh-CN")

    assert ended.code == 2
    assert "无法写入：没有这个文件或文件夹" in ended.err


def test_the_next_step_is_told_in_words(run: Run, found: str) -> None:
    assert "下一步\t初审 " in run("issue", "show", found, lang="zh-CN").out
