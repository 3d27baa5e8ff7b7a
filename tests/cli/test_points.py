"""`duban point signs` from the outside."""

from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cast import HANDLER, OFFICE


def test_signs_are_written_as_a_page_to_print(run, tmp_path: Path) -> None:
    file = tmp_path / "signs.html"
    said = run("point", "signs", str(file), "--point", "P-0001", "--as", OFFICE)
    assert said.code == Exit.DONE
    assert "1 signs written" in said.out
    assert 'alt="P-0001"' in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("{tmp}/no/such/folder.html", "--area", "5103", "--as", OFFICE), Exit.UNUSABLE),
        (("{tmp}/a.html", "--as", OFFICE), Exit.UNUSABLE),
        (("{tmp}/a.html", "--point", "P-9999", "--as", OFFICE), Exit.NOT_FOUND),
        (("{tmp}/a.html", "--area", "5103", "--size", "huge", "--as", OFFICE), Exit.UNUSABLE),
        (("{tmp}/a.html", "--area", "5103", "--as", HANDLER), Exit.REFUSED),
    ],
)
def test_what_cannot_be_written_is_told_and_no_file_is_left(run, tmp_path: Path, words, code: Exit) -> None:
    assert run("point", "signs", *(word.format(tmp=tmp_path) for word in words)).code == code
    assert list(tmp_path.glob("*.html")) == []
