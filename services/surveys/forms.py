"""Questionnaires as the city's pack brings them (surveys/*.toml): read, checked, and frozen when a survey begins."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from models.errors import BadInput, NotFound
from models.scoring.rules import Scoring
from models.survey import Audience, SurveyForm
from services.bulk import table_of
from services.pack_files import files_in_force

FOLDER, ENDING = "surveys/", ".toml"
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
MOST_QUESTIONS, LEAST_ANSWERS, MOST_ANSWERS, LONGEST = 12, 2, 8, 200
"""A form that takes longer is not finished by who stands in front of a sign."""
EVERYBODY = tuple(audience.value for audience in Audience)
_forms: dict[str, "Form"] = {}


class BadForm(BadInput):
    """A questionnaire that nobody could be asked with."""

    code = "bad_survey_form"
    template = "{where} is “{value}”; expected {expected}."


@dataclass(frozen=True)
class Choice:
    """One answer to choose."""

    code: str
    text: str
    text_en: str

    def words(self, lang: str) -> str:
        return self.text_en if lang == "en" else self.text


@dataclass(frozen=True)
class Question:
    """One question with its answers, for these audiences."""

    code: str
    text: str
    text_en: str
    audiences: tuple[str, ...]
    choices: tuple[Choice, ...]

    def words(self, lang: str) -> str:
        return self.text_en if lang == "en" else self.text

    def choice(self, code: str) -> Choice | None:
        return next((one for one in self.choices if one.code == code), None)


@dataclass(frozen=True)
class Form:
    """A questionnaire."""

    name: str
    name_en: str
    questions: tuple[Question, ...]

    def words(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name

    def asked(self, audience: Audience) -> tuple[Question, ...]:
        """The questions for those who answer, in their order."""
        return tuple(one for one in self.questions if audience.value in one.audiences)


def forms_in_force(session: Session) -> Mapping[str, Form]:
    """The city's questionnaires by the names of their files. Raises BadForm."""
    files = files_in_force(session) or {}
    return {name: parse_form(read_form(body)) for name, body in form_files(files)}


def form_files(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Those of a pack's files that are questionnaires, by their names, in order."""
    for path, body in sorted(files.items()):
        if path.startswith(FOLDER) and path.endswith(ENDING):
            yield path.removeprefix(FOLDER).removesuffix(ENDING), body


def read_form(body: bytes) -> dict[str, Any]:
    """The document of a file. Raises BadForm for what is not TOML."""
    try:
        return tomllib.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadForm(where="TOML", value="…", expected=f"TOML in UTF-8 ({str(error)[:100]})") from error


def keep_form(session: Session, name: str, *, rules: Scoring, now: datetime) -> str:
    """Freeze a questionnaire of the pack under its hash; returns its code. The caller commits.

    Raises NotFound; BadForm, also where an answer would not count as rules/scoring.toml says.
    """
    bodies = dict(form_files(files_in_force(session) or {}))
    if name not in bodies:
        raise NotFound(what="survey form", code=name[:40])
    content = read_form(bodies[name])
    check_counted(parse_form(content), rules)
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    code = hashlib.sha256(written.encode()).hexdigest()[:16]
    row = insert(table_of(SurveyForm)).values(code=code, name=name, content=content, created_at=now)
    session.connection().execute(row.on_conflict_do_nothing(index_elements=["code"]))
    return code


def frozen_form(session: Session, code: str) -> Form:
    """A questionnaire as it was frozen. Raises NotFound."""
    if code not in _forms:
        row = session.get(SurveyForm, code)
        if row is None:
            raise NotFound(what="survey form", code=code[:40])
        _forms[code] = parse_form(row.content)
    return _forms[code]


def check_counted(form: Form, rules: Scoring) -> None:
    """Every answer to a question that counts must be worth something, if only 0. Raises BadForm."""
    for question in form.questions:
        counted = rules.questionnaire.questions.get(question.code)
        for choice in question.choices if counted else ():
            if counted and choice.code not in counted.answers:
                expected = f"one of: {', '.join(counted.answers)} (rules/scoring.toml)"
                raise BadForm(where=f"{question.code}.answer.code", value=choice.code, expected=expected)


def parse_form(content: Mapping[str, Any]) -> Form:
    """A document as a questionnaire. Raises BadForm."""
    rows = content.get("question")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_QUESTIONS:
        raise BadForm(where="question", value=_short(rows), expected=f"1–{MOST_QUESTIONS} questions")
    questions = tuple(_question(row, place) for place, row in enumerate(rows, 1))
    _once("question.code", [one.code for one in questions])
    return Form(_words(content, "name", "name"), _words(content, "name_en", "name_en"), questions)


def _question(row: Any, place: int) -> Question:
    where = f"question {place}"
    if not isinstance(row, Mapping):
        raise BadForm(where=where, value=_short(row), expected="a table")
    answers = row.get("answer")
    if not isinstance(answers, list) or not LEAST_ANSWERS <= len(answers) <= MOST_ANSWERS:
        expected = f"{LEAST_ANSWERS}–{MOST_ANSWERS} answers"
        raise BadForm(where=f"{where}.answer", value=_short(answers), expected=expected)
    choices = tuple(_choice(one, f"{where}.answer") for one in answers)
    _once(f"{where}.answer.code", [one.code for one in choices])
    texts = _words(row, "text", f"{where}.text"), _words(row, "text_en", f"{where}.text_en")
    return Question(_code(row, where), *texts, _audiences(row, where), choices)


def _choice(row: Any, where: str) -> Choice:
    if not isinstance(row, Mapping):
        raise BadForm(where=where, value=_short(row), expected="a table")
    return Choice(_code(row, where), _words(row, "text", f"{where}.text"), _words(row, "text_en", f"{where}.text_en"))


def _audiences(row: Mapping[str, Any], where: str) -> tuple[str, ...]:
    found = row.get("audiences", EVERYBODY)
    if not isinstance(found, list | tuple) or not found or not all(one in EVERYBODY for one in found):
        expected = f"a list of some of: {', '.join(EVERYBODY)}"
        raise BadForm(where=f"{where}.audiences", value=_short(found), expected=expected)
    return tuple(found)


def _code(row: Mapping[str, Any], where: str) -> str:
    found = row.get("code")
    if not isinstance(found, str) or not CODE.fullmatch(found):
        raise BadForm(where=f"{where}.code", value=_short(found), expected="a–z, 0–9 and _")
    return found


def _words(row: Mapping[str, Any], name: str, where: str) -> str:
    found = row.get(name)
    if not isinstance(found, str) or not found.strip() or len(found) > LONGEST or not found.isprintable():
        raise BadForm(where=where, value=_short(found), expected=f"a text of 1–{LONGEST} characters")
    return found.strip()


def _once(where: str, codes: list[str]) -> None:
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise BadForm(where=where, value=twice, expected="each code once")


def _short(value: Any) -> str:
    return "" if value is None else str(value)[:40]
