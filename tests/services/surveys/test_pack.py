"""Questionnaires are part of a city pack: kept as they came, linted, in force at once."""

from pathlib import Path

import pytest
from sqlmodel import Session

from services.cities.kept import is_kept
from services.cities.lint_surveys import lint_surveys
from services.surveys.forms import forms_in_force
from tests.services.surveys.field import FORM, a_field, keep_form_file


class OnlyFiles:
    """A pack of which nothing but these files is asked."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files


@pytest.mark.parametrize(
    ("path", "kept"),
    [("surveys/residents.toml", True), ("surveys/a/b.toml", False), ("surveys/x.csv", False), ("surveys.toml", False)],
)
def test_a_questionnaire_is_kept_as_it_came(path: str, kept: bool) -> None:
    assert is_kept(path) is kept


def test_those_of_the_example_city_can_be_asked() -> None:
    folder = Path(__file__).parents[3] / "cities" / "zigong"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("surveys/*.toml")}

    assert files
    assert list(lint_surveys(OnlyFiles(files))) == []


def test_one_that_nobody_can_be_asked_with_is_an_error_of_its_file() -> None:
    broken = {"surveys/odd.toml": FORM.replace(b'code = "aware"', b'code = "AWARE"')}

    (found,) = lint_surveys(OnlyFiles(broken))

    assert (found.code, found.file, "AWARE" in found.message) == ("bad_survey", "surveys/odd.toml", True)


def test_a_changed_one_is_in_force_at_once(city: Session) -> None:
    a_field(city)
    before = forms_in_force(city)["residents"].name
    keep_form_file(city, {"surveys/second.toml": FORM.replace("居民问卷".encode(), "学生问卷".encode())})

    assert before == "创建全国文明城市居民问卷"
    assert forms_in_force(city)["second"].name == "创建全国文明城市学生问卷"
