"""Answers are kept for a minute, each under what was asked."""

from web import kept
from web.kept import Kept


def test_an_answer_holds_for_a_minute() -> None:
    at = [0.0]
    answers = Kept(elapsed=lambda: at[0])
    assert [answers.get("a", lambda: 1), answers.get("a", lambda: 2), answers.get("b", lambda: 3)] == [1, 1, 3]
    at[0] = kept.LASTS
    assert answers.get("a", lambda: 4) == 4


def test_only_so_many_are_kept(monkeypatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    answers = Kept(elapsed=lambda: 0.0)
    for n in range(3):
        answers.get(n, lambda n=n: n)
    assert [answers.get(n, lambda: "new") for n in (2, 1)] == [2, 1]
    assert answers.get(0, lambda: "new") == "new"
