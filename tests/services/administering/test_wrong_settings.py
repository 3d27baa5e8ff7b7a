"""A value of the rules that would make something fail or fall silent later is refused when it is written."""

import pytest
from sqlmodel import Session, col, select

from models.errors import BadRows
from models.rule import RuleSet
from runtime import i18n
from services import rulebook
from services.administering import FileEdit, file, rules_back
from tests.services.administering.desk import done, shown
from web.admin.words import finding

POLICY = "rules/policy.toml"
ZH = "channel_limits.sms.per_minute 的值“0”不可用；应为1 至 1000000 之间的整数。"
EN = "channel_limits.sms.per_minute is “0”; expected a whole number from 1 to 1000000."


def edited(session: Session, old: str, new: str, path: str = POLICY) -> FileEdit:
    held = file(session, path)
    assert old in (held.text or "")
    return FileEdit(path, (held.text or "").replace(old, new, 1), held.mark)


def test_a_limit_of_no_letter_is_refused_and_told_in_both_languages(small: Session) -> None:
    edit = edited(small, "per_minute = 60", "per_minute = 0")

    (found,) = shown(small, edit).new_errors

    assert (found.file, str(edit.content).splitlines()[found.row - 1]) == (POLICY, "per_minute = 0")
    with i18n.using("zh-CN"):
        assert finding(found) == ZH
    with i18n.using("en"):
        assert finding(found) == EN
    before = rulebook.the_city(small).rule_set_code
    with pytest.raises(BadRows) as refused:
        done(small, edit)
    assert [(row.place, row.row) for row in refused.value.rows] == [(POLICY, found.row)]
    assert rulebook.the_city(small).rule_set_code == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('from = "21:00"', "from = 21:00:00"),
        ("threshold = 5", "threshold = nan\nnote = 2026-11-22T08:00:00"),
        ("threshold = 5", 'threshold = 5\nnote = "\\u0000"'),
        ("threshold = 5", 'threshold = 5\n"\\u0000" = 5'),
        ("threshold = 5", f"threshold = {'9' * 5000}"),
        ("threshold = 5", f"threshold = {'[' * 2000}{']' * 2000}"),
        ("threshold = 5", f"threshold = {'[' * 300}{']' * 300}"),
    ],
)
def test_what_the_database_could_not_keep_is_told_as_a_bad_file(small: Session, old: str, new: str) -> None:
    edit = edited(small, old, new)

    assert [bad.place for bad in shown(small, edit).bad_cells] == [POLICY]
    with pytest.raises(BadRows):
        done(small, edit)


@pytest.mark.parametrize(
    "new", ["threshold = nan", "threshold = inf", "threshold = 1e400", f"threshold = {'9' * 4000}"]
)
def test_numbers_that_are_none_are_refused(small: Session, new: str) -> None:
    assert [one.code for one in shown(small, edited(small, "threshold = 5", new)).new_errors] == ["wrong_setting"]


def test_a_misspelt_setting_is_a_warning_that_lets_pass(small: Session) -> None:
    edit = edited(small, "in_digest = true", "in_digests = false")

    assert [(one.code, one.params["known"]) for one in shown(small, edit).new_warnings] == [
        ("unknown_setting", "in_digest")
    ]
    assert done(small, edit).number


def test_an_old_version_of_the_rules_comes_back_though_its_numbers_are_kept_as_text(small: Session) -> None:
    done(small, edited(small, "rework_share = 0.5", "rework_share = 0.25", "rules/severities.toml"))
    (first, *_) = small.exec(select(RuleSet).order_by(col(RuleSet.created_at))).all()
    assert first.content["severities"]["S3"]["rework_share"] == "0.5"

    edits = rules_back(small, code=first.code)

    assert not shown(small, *edits).new_errors
    done(small, *edits)
    assert rulebook.the_city(small).rule_set_code == first.code
