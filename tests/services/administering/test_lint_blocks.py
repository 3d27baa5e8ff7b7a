"""Every error of the lint stops an edit of the table that it is about; what was wrong before stops nothing new."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.errors import BadRows
from services.administering import Edit, FileEdit, file
from services.cities.finding import ERRORS
from tests.services.administering.desk import done, shown

STORY = {"point_code": "P-0001", "standard_code": "01-01", "description": "x", "source": "covert"}
STORY |= {"found_level": "city", "severity": "S3", "days_ago": "9", "key": "C"}


def post(kind: str, owner_kind: str, owner: str) -> Edit:
    return Edit("posts", None, {"code": f"{owner}:{kind}", "kind": kind, "owner_kind": owner_kind, "owner_code": owner})


def deputy(code: str) -> Edit:
    days = {"valid_from": "2026-01-01", "valid_to": "2026-01-02"}
    return Edit("deputies", None, {"person_code": "R1", "deputy_code": code, **days})


def tenure(post_code: str, start: str) -> Edit:
    return Edit("tenures", None, {"post_code": post_code, "person_code": "R1", "valid_from": start})


def task(point: str) -> Edit:
    return Edit("tasks", None, {"year": "2027", "category_code": "01", "point_code": point, "unit_code": "D-CGJ"})


BREAKING: list[tuple[str, Edit]] = [
    ("unknown_code", Edit("areas", "510302", {"parent_code": "9999"})),
    ("unknown_code", Edit("units", "D-CGJ", {"area_code": "9999"})),
    ("unknown_code", tenure("no", "2026-01-01")),
    ("unknown_code", deputy("R8")),
    ("unknown_code", Edit("contacts", None, {"person_code": "R8", "channel": "mail", "address": "a@example.org"})),
    ("unknown_code", Edit("versions", "V1", {"system_code": "no"})),
    ("unknown_code", Edit("categories", "01", {"system_code": "no"})),
    ("unknown_code", Edit("standards", "V1~01-01", {"category_code": "99"})),
    ("unknown_code", Edit("points", "P-0001", {"area_code": "9999"})),
    ("unknown_code", Edit("points", "P-0001", {"lead_unit": "D-NO"})),
    ("unknown_code", Edit("tasks", "2026~01~P-0001", {"person_code": "R8"})),
    ("unknown_code", post("handler", "unit", "D-NO")),
    ("unknown_code", Edit("stories", None, {**STORY, "standard_code": "99"})),
    ("task_without_point", task("P-9")),
    ("level_mismatch", Edit("areas", "510302", {"level": "3"})),
    ("cyclic_area", Edit("areas", "510302", {"managed_by": "510302"})),
    ("dates_reversed", Edit("deputies", "R1~R2~2026-11-01", {"valid_to": "2026-10-01"})),
    ("dates_reversed", Edit("units", "D-CGJ", {"valid_from": "2026-10-01", "valid_to": "2026-09-01"})),
    ("post_code_mismatch", Edit("posts", "5103:office", {"kind": "inspector"})),
    ("post_out_of_place", post("duty_officer", "area", "510302001")),
    ("area_without_unit", Edit("areas", None, {"code": "510303", "name": "新区", "level": "2", "parent_code": "5103"})),
    ("unit_code_mismatch", Edit("units", "T510302", {"area_code": "510371"})),
    ("point_without_unit", Edit("points", "P-0001", {"lead_unit": ""})),
    ("standard_without_lead", Edit("standards", "V1~01-01", {"lead": ""})),
    ("weights_not_one", Edit("modules", None, {"version_code": "V1", "code": "m", "name": "模块", "weight": "0.9"})),
    ("years_not_in_order", Edit("years", None, {"version_code": "V1", "year": "2", "weight": "1"})),
    ("unknown_code", Edit("standards", "V1~01-01", {"content_code": "0101"})),
    ("unknown_severity", Edit("standards", "V1~01-01", {"severity": "S9"})),
    ("tenure_overlap", tenure("5103:office", "2025-01-01")),
    ("self_deputy", deputy("R1")),
    ("duty_officer_missing", Edit("tenures", "5103:duty_officer~R4~2024-01-01", {"valid_to": "2026-11-01"})),
    ("odd_day", Edit("days", None, {"date": "2026-03-04", "kind": "make_up"})),
    ("bad_address", Edit("contacts", None, {"person_code": "R1", "channel": "mail", "address": "nobody"})),
    ("story_in_the_future", Edit("stories", None, {**STORY, "story": "assign@99"})),
    ("wrong_category", Edit("stories", None, {**STORY, "point_code": "P-0002"})),
    ("level_without_post", Edit("points", "P-0001", gone=True)),
]
BREAKING_FILES: list[tuple[str, str, str, str]] = [
    ("rules_refused", "rules/ladder.toml", 'offset = "10 working_days"', 'offset = "80000 natural_hours"'),
    ("wrong_setting", "rules/severities.toml", 'limit = "3 working_days"', 'limit = "3 moons"'),
    ("unreachable_step", "rules/ladder.toml", 'code = "E1"', 'code = "E7"'),
    ("unknown_post_reference", "rules/ladder.toml", '"L4.area_chief"', '"L4.king"'),
    ("unknown_paper", "rules/ladder.toml", '"sign_in_reminder"', '"love_letter"'),
    ("unknown_channel", "rules/ladder.toml", '"sms"', '"pigeon"'),
    ("unknown_condition", "rules/closeout.toml", '"after_photo"', '"after_party"'),
    ("unknown_source", "rules/closeout.toml", '"snapshot"', '"rumour"'),
    ("duplicate_code", "rules/ladder.toml", 'code = "V2"', 'code = "V1"'),
]


@pytest.mark.parametrize(("code", "edit"), BREAKING, ids=[f"{code}-{edit.table}" for code, edit in BREAKING])
def test_an_edit_that_breaks_the_city_is_told_why_and_refused(small: Session, code: str, edit: Edit) -> None:
    seen = shown(small, edit)

    assert code in {one.code for one in seen.new_errors}
    with pytest.raises(BadRows) as refused:
        done(small, edit)
    assert code in {row.column for row in refused.value.rows}


@pytest.mark.parametrize(("code", "path", "old", "new"), BREAKING_FILES)
def test_rules_that_break_the_city_are_told_and_refused(
    small: Session, code: str, path: str, old: str, new: str
) -> None:
    held = file(small, path)
    assert old in (held.text or "")
    edit = FileEdit(path, (held.text or "").replace(old, new, 1), held.mark)

    assert code in {one.code for one in shown(small, edit).new_errors}
    with pytest.raises(BadRows):
        done(small, edit)


@pytest.mark.parametrize(
    ("code", "wording"),
    [("unknown_template_variable", "{{ numbr }}"), ("bad_template", "{{ number"), ("bad_template", "{% for %}")],
    ids=["unknown", "not closed", "half a loop"],
)
def test_a_template_that_cannot_be_filled_in_is_refused(small: Session, code: str, wording: str) -> None:
    edit = FileEdit("templates/en/assigned.txt", wording)

    assert [one.code for one in shown(small, edit).new_errors] == [code]
    with pytest.raises(BadRows):
        done(small, edit)


def test_every_error_has_an_edit_that_meets_it() -> None:
    met = {code for code, _ in BREAKING} | {code for code, *_ in BREAKING_FILES}

    elsewhere = {"unknown_template_variable", "bad_template", "calendar_year_missing", "standard_of_two_systems"}
    assert set(ERRORS) - met == elsewhere | {"bad_survey"}


def test_a_questionnaire_that_cannot_be_used_is_refused(small: Session) -> None:
    edit = FileEdit("surveys/residents.toml", "name = 1")

    assert [one.code for one in shown(small, edit).new_errors] == ["bad_survey"]
    with pytest.raises(BadRows):
        done(small, edit)


def test_a_calendar_without_a_year_is_refused(small: Session) -> None:
    edit = Edit("days", "2027-01-01", gone=True)

    assert "calendar_year_missing" in {one.code for one in shown(small, edit).new_errors}


def test_what_was_wrong_before_is_told_and_stops_nothing(small: Session) -> None:
    small.connection().execute(text("UPDATE tenure SET valid_to = '2026-01-01' WHERE post_code = '5103:duty_officer'"))
    small.commit()

    seen = shown(small, Edit("persons", "R1", {"name": "改名"}))

    old = [one for one in seen.findings if one.finding.code == "duty_officer_missing"]
    assert [one.new for one in old] == [False]
    assert done(small, Edit("persons", "R1", {"name": "改名"})).number


def test_a_second_fault_of_the_same_kind_is_new(small: Session) -> None:
    small.connection().execute(text("UPDATE standard SET severity = 'S9' WHERE code = '01-01'"))
    small.commit()

    seen = shown(small, Edit("standards", "V1~12-01", {"severity": "S9"}))

    assert [(one.code, one.params["severity"]) for one in seen.new_errors] == [("unknown_severity", "S9")]


def test_a_new_warning_is_marked_apart_and_lets_pass_once_shown(small: Session) -> None:
    post = {"code": "510371:headquarters", "kind": "office", "owner_kind": "area", "owner_code": "510371"}
    edit = Edit("posts", None, {**post, "code": "T510371:x"})
    assert shown(small, edit).new_errors

    vacant = Edit("tenures", "510371:inspector~R4~2024-01-01", {"valid_to": "2026-11-01"})
    seen = shown(small, vacant)

    assert [one.code for one in seen.new_warnings] == ["vacant_posts"]
    assert done(small, vacant).number


def test_a_finding_names_the_row_that_it_is_about(small: Session) -> None:
    (told,) = [one for one in shown(small, Edit("points", "P-0002", {"lead_unit": ""})).findings if one.new]

    assert told.key == "P-0002"
