"""Where a setting stands in its file, and what of a file no database could keep."""

import pytest

from models.errors import UnreadableFile
from services.cities.reading import read_toml
from services.cities.setting_lines import line_of, lines_of


def test_lines_of_lists_of_tables_and_of_what_is_missing():
    lines = lines_of('a = 1\n[[step]]\ncode = "E0"\n[[step]]\n"code" = "E1"\n[[step.x]]\n[t.u] # so\nb.c = 2\n')

    assert [
        line_of(lines, path) for path in [("a",), ("step", 1, "code"), ("step", 1, "x", 0), ("t", "u", "b", "c")]
    ] == [
        1,
        5,
        6,
        8,
    ]
    assert (line_of(lines, ("step", 0, "name")), line_of(lines, ("z",))) == (2, 0)


@pytest.mark.parametrize(
    "text", ["at = 08:10:00", "a = 2026-01-01", "[x]\n'a\tb' = ['\\u0000']\nb = \"\\u0000\"", "a = " + "9" * 5000]
)
def test_what_no_database_keeps_is_refused_as_it_is_read(text):
    with pytest.raises(UnreadableFile):
        read_toml("rules/policy.toml", text)


@pytest.mark.parametrize("depth", [20, 400, 5000])
def test_a_file_that_goes_too_deep_is_refused(depth):
    with pytest.raises(UnreadableFile):
        read_toml("rules/policy.toml", "a = " + "[" * depth + "]" * depth)
