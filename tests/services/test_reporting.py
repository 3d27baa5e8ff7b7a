"""Reporting: one issue however often it is sent, only what a reporter may say, what is known first."""

import threading
from types import SimpleNamespace

import pytest
from sqlmodel import Session, col, select

from models.errors import ActionNotAllowed, ActionNotPossible, MissingInput, NotFound
from models.evidence import Upload
from models.issue import Evidence, FoundLevel, Issue, Source
from services.reporting import Report, add, found_level, report
from services.reporting_catalogue import catalogue
from services.reporting_places import located
from services.reporting_similar import similar
from tests.cast import (
    DISTRICT_OFFICE,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    OUTSIDER,
    STRANGER,
    an_issue,
    read,
    trail,
    who,
)

KEY = "a-phone-made-this-key"


def a_report(session: Session, **given) -> Report:
    place = given.pop("place", None) or located(session, point="P-0001")
    return Report(**{"key": KEY, "description": "垃圾桶满溢", "place": place, "standard": "01-01", **given})


def send(session: Session, *, person: str = INSPECTOR, **given):
    return report(session, a_report(session, **given), by=who(session, person), now=MONDAY)


def only(session: Session) -> Issue:
    return session.exec(select(Issue)).one()


def an_upload(session: Session, key: str, *, person: str = INSPECTOR) -> str:
    about = {"name": "a.jpg", "size": 3, "media_type": "image/jpeg", "sha256": key[0] * 64}
    session.add(Upload(key=key, person_code=person, began_at=MONDAY, finished_at=MONDAY, **about))
    session.flush()
    return key


def test_a_report_becomes_an_issue_completed_from_its_point_and_standard(city: Session):
    sent = send(city)
    issue = only(city)
    assert (sent.number, issue.found_by, issue.point_code, issue.severity) == (issue.number, INSPECTOR, "P-0001", "S3")
    assert (issue.source, issue.found_level, issue.area_code) == (Source.ANNOUNCED, FoundLevel.CITY, "510302001002001")


def test_the_same_report_sent_twice_is_one_issue(city: Session):
    first, second = send(city), send(city, description="anything else")
    assert (second.number, second.repeated) == (first.number, True)
    assert trail(city, only(city).id) == ["find"]


def test_two_people_with_the_same_key_report_two_issues(city: Session):
    assert send(city).number != send(city, person=OFFICE, anew=True).number


def test_the_same_report_sent_at_the_same_time_is_one_issue(city: Session, sessions):
    key = an_upload(city, "u" * 20)
    city.commit()
    numbers = []

    def go() -> None:
        with sessions() as session:
            numbers.append(send(session, uploads=(key,)).number)
            session.commit()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(numbers), len(set(numbers))) == (4, 1)
    assert len(city.exec(select(Evidence)).all()) == 1


def test_who_holds_no_post_reports_nothing(city: Session):
    with pytest.raises(ActionNotAllowed):
        send(city, person=STRANGER)


def test_without_a_place_it_is_refused(city: Session):
    with pytest.raises(MissingInput):
        report(city, Report(key=KEY, description="x"), by=who(city, INSPECTOR), now=MONDAY)


def test_a_photo_of_somebody_else_is_not_found(city: Session):
    key = an_upload(city, "o" * 20, person=OFFICE)
    with pytest.raises(NotFound):
        send(city, uploads=(key,))


@pytest.mark.parametrize(
    ("person", "expected"),
    [(OFFICE, ("S1", "hotline_12345")), (INSPECTOR, ("S3", "announced")), (HANDLER, ("S3", "self_check"))],
)
def test_only_who_takes_reports_in_says_how_severe_it_is_and_where_it_comes_from(city: Session, person, expected):
    send(city, person=person, severity="S1", source=Source.HOTLINE)
    assert (only(city).severity, only(city).source) == expected


def test_who_takes_reports_in_elsewhere_does_not_say_it_here(city: Session):
    send(city, person=OUTSIDER, severity="S1")
    assert only(city).severity == "S3"


def test_a_source_that_comes_from_rounds_is_named_by_nobody(city: Session):
    send(city, person=OFFICE, source=Source.COVERT)
    assert only(city).source == Source.SELF_CHECK


@pytest.mark.parametrize(
    ("person", "level"),
    [
        *((OFFICE, "city"), (DISTRICT_OFFICE, "district"), ("R00014", "street"), ("R00017", "community")),
        *((HANDLER, "city"), ("R00015", "street"), ("R00018", "community"), ("R00019", "city")),
    ],
)
def test_the_level_of_the_find_is_that_of_the_post(city: Session, person, level):
    assert found_level(city, who(city, person)) == level


def test_what_is_known_at_the_same_point_is_shown_before_anything_is_written(city: Session):
    key = an_issue(city)
    sent = send(city)
    assert [one.number for one in sent.known] == [read(city, key).number]
    assert len(city.exec(select(Issue)).all()) == 1
    assert send(city, anew=True).number


def test_another_standard_at_the_same_point_is_another_matter(city: Session):
    an_issue(city, standard="01-02")
    assert send(city).known == ()


def test_where_no_standard_was_chosen_the_category_tells(city: Session):
    an_issue(city, standard="01-02")
    assert len(send(city, standard=None).known) == 1


def test_an_issue_that_has_ended_is_not_offered(city: Session):
    an_issue(city, state="closed")
    assert send(city).number


@pytest.mark.parametrize(("metres", "offered"), [(60, 1), (160, 0)])
def test_beside_points_a_hundred_metres_are_the_neighbourhood(city: Session, metres, offered):
    an_issue(city, point=None, area="510302001002", standard="01-01", lat=29.3480, lng=104.7826)
    place = located(city, lat=29.3480 + metres / 111_195, lng=104.7826)
    found = similar(city, place=place, standard="01-01", category=None, by=who(city, OFFICE))
    assert len(found) == offered
    assert [one.metres for one in found] == [metres] * offered


def test_how_near_is_the_citys_to_say(city: Session, monkeypatch: pytest.MonkeyPatch):
    an_issue(city, point=None, area="510302001002", standard="01-01", lat=29.3480, lng=104.7826)
    place = located(city, lat=29.3480 + 60 / 111_195, lng=104.7826)
    near = SimpleNamespace(policy={"duplicate": {"radius_m": 50}})
    monkeypatch.setattr("services.rulebook.rules", lambda *_: near)
    assert similar(city, place=place, standard="01-01", category=None, by=who(city, OFFICE)) == []


def test_what_somebody_may_not_see_is_not_offered(city: Session):
    an_issue(city)
    assert send(city, person="R00031").known == ()


def test_it_is_that_one_so_photo_and_words_go_there_once(city: Session):
    issue = an_issue(city)
    number = read(city, issue).number
    mine = a_report(city, uploads=(an_upload(city, "u" * 20),))
    for _ in range(2):
        assert add(city, number, mine, by=who(city, INSPECTOR), now=MONDAY) == number
    assert trail(city, issue) == ["find", "attach", "comment"]
    assert [one.kind.value for one in city.exec(select(Evidence))] == ["before"]


def test_a_photo_after_the_proof_is_no_photo_from_before(city: Session):
    issue = an_issue(city, state="rectified")
    mine = a_report(city, uploads=(an_upload(city, "u" * 20),))
    add(city, read(city, issue).number, mine, by=who(city, INSPECTOR), now=MONDAY)
    kinds = city.exec(select(Evidence.kind).order_by(col(Evidence.id))).all()
    assert [kind.value for kind in kinds] == ["after", "other"]


def test_nothing_is_added_to_what_has_ended_or_may_not_be_seen(city: Session):
    issue = an_issue(city, state="closed")
    number = read(city, issue).number
    mine = a_report(city, uploads=(an_upload(city, "u" * 20), an_upload(city, "v" * 20, person="R00031")))
    with pytest.raises(ActionNotPossible):
        add(city, number, a_report(city, uploads=("u" * 20,)), by=who(city, INSPECTOR), now=MONDAY)
    with pytest.raises(NotFound):
        add(city, number, mine, by=who(city, "R00031"), now=MONDAY)


def test_adding_nothing_is_refused(city: Session):
    number = read(city, an_issue(city)).number
    with pytest.raises(MissingInput):
        add(city, number, a_report(city, description=" "), by=who(city, INSPECTOR), now=MONDAY)


def test_without_point_and_standard_the_category_is_kept(city: Session):
    send(city, place=located(city, area="510302001002"), standard=None, category="12")
    assert (only(city).category_code, only(city).standard_code) == ("12", None)


def test_what_was_used_most_lately_is_offered_first(city: Session):
    assert [one.code for one in catalogue(city, now=MONDAY).standards_of("01")] == ["01-01", "01-02"]
    an_issue(city, standard="01-02")
    found = catalogue(city, now=MONDAY)
    assert [one.code for one in found.standards_of("01")] == ["01-02", "01-01"]
    assert [one.code for one in found.categories] == ["01", "12"]
