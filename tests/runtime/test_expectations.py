"""What was expected is said in the reader's language, wherever in our code it is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime import i18n
from runtime.expectations import expected
from runtime.settings import PROJECT

SAYS = {"WrongValue": "expected", "UnreadableFile": "expected", "NotThat": 0, "_unreadable": 1, "BadRow": 4, "add": 2}
SAYS |= {"Kind": 0, "Wrong": 3}
"""Calls and the argument, by name or place, that says what was expected or why not."""
ENGLISH = re.compile(r"\b[a-z_]{3,}\b")
KINDS_OF_DAY = {"holiday", "make_up", "workday", "weekend", "holidays"}
CODES = KINDS_OF_DAY | {
    "working_days",
    "natural_hours",
    "xlsx",
    "xls",
    "docx",
    "assign",
    "sign_in",
    "holds",
    "cities",
    "year",
    "found",
    "handled",
    "from",
    "from_days",
    "similar_bits",
    "departmental",
    "unit",
    "deputy_leader",
    "office",
    "https",
    "true",
    "false",
}


def sources() -> list[Path]:
    return [path for folder in ("services", "models", "web") for path in (PROJECT / folder).rglob("*.py")]


def sentences(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").startswith(("EXPECTED", "A_")):
            yield from written(node.value)
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        where = SAYS.get(name)
        if isinstance(where, int) and len(node.args) > where:
            yield from written(node.args[where])
        if isinstance(where, str):
            yield from (text for word in node.keywords if word.arg == where for text in written(word.value))


def written(node: ast.expr) -> Iterator[str]:
    """A text, its {places} filled with a number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)


def test_no_expectation_of_the_code_stays_english_in_chinese() -> None:
    found = {text for path in sources() for text in sentences(ast.parse(path.read_text(encoding="utf-8")))}
    assert len(found) > 50
    with i18n.using("zh-CN"):
        left = {text for text in found if set(ENGLISH.findall(expected(text))) - CODES}
    assert left == set()


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the code of an area that exists", "已有区划的编码"),
        ("the same as in row 12: nothing", "与第 12 行相同：空"),
        ("E8, as on record: an import does not change an issue that is here", "E8，与库内一致：导入不改动已有的问题"),
        ("1 to 100000", "1 至 100000"),
        ("2027-01-01", "2027-01-01"),
        ("connected to nobody or to a stranger", "connected to nobody or to a stranger"),
    ],
)
def test_the_values_within_stay_and_the_words_around_them_are_translated(english: str, chinese: str) -> None:
    with i18n.using("zh-CN"):
        assert expected(english) == chinese
    with i18n.using("en"):
        assert expected(english) == english
