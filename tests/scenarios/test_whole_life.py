"""One issue walks through every state; the whole trail and every message are compared."""

from sqlmodel import Session

from models.issue import RequestKind
from services import issues, requests, seal
from tests.cast import HANDLER, OFFICE, VERIFIER, an_issue, at, messages, read, shown, trail, who


def test_an_issue_lives_from_found_to_closed(city: Session, tick) -> None:
    found = at("2026-11-02 10:00")
    key = an_issue(city, now=found)
    tick(found)
    assert read(city, key).suggested_unit == "D-CGJ"
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=at("2026-11-02 10:30"), to="D-CGJ")
    assert shown(read(city, key).due_at) == "2026-11-05 17:00"
    tick(at("2026-11-02 15:31"))
    issues.sign_in(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-02 15:40"))
    tick(at("2026-11-05 17:01"))
    tick(at("2026-11-06 17:01"))
    issues.submit(
        city,
        issue_ids=[key],
        by=who(city, HANDLER),
        now=at("2026-11-06 17:30"),
        result="已更换",
        evidence=[{"kind": "after", "sha256": "00" * 32}],
    )
    issues.fail_verification(
        city, issue_ids=[key], by=who(city, VERIFIER), now=at("2026-11-09 09:30"), reason="仍有积水"
    )
    assert shown(read(city, key).due_at) == "2026-11-11 13:30"
    requests.ask_shelving(
        city,
        issue_ids=[key],
        by=who(city, HANDLER),
        now=at("2026-11-09 10:00"),
        reason="待采购",
        milestone=at("2026-11-20 17:00"),
    )
    requests.grant(city, issue_ids=[key], by=who(city, OFFICE), now=at("2026-11-09 11:00"), kind=RequestKind.SHELVING)
    issues.resume(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-12 11:00"))
    assert shown(read(city, key).due_at) == "2026-11-16 13:30"
    issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-12 15:00"), result="已更换二次")
    issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=at("2026-11-12 16:00"))
    tick(at("2026-11-12 16:01"))
    assert trail(city, key) == [
        "find",
        "triage",
        "assign",
        "escalate E1",
        "sign_in",
        "escalate E2",
        "escalate E3",
        "escalate E4",
        "submit",
        "fail",
        "ask_shelving",
        "grant_shelving",
        "resume",
        "submit",
        "pass",
        "close_out",
    ]
    assert messages(city, key) == [
        ("found", "510302:office"),
        ("assigned", "510302001002001:building_chief"),
        ("assigned", "510302001002001:grid_chief"),
        ("assigned", "D-CGJ:handler"),
        ("sign_in_reminder", "510302001002:area_chief"),
        ("sign_in_reminder", "D-CGJ:direct_leader"),
        ("sign_in_reminder", "D-CGJ:handler"),
        ("overdue_notice", "510302001:street_chief"),
        ("overdue_notice", "D-CGJ:direct_leader"),
        ("overdue_notice", "D-CGJ:handler"),
        ("reminder_notice", "T510302001:deputy_leader"),
        ("reminder_notice", "D-CGJ:deputy_leader"),
        ("verification_wanted", "510302:verifier"),
        ("failed_check", "D-CGJ:handler"),
        ("failed_check", "D-CGJ:direct_leader"),
        ("request_asked", "510302:office"),
        ("request_granted", "D-CGJ:handler"),
        ("request_granted", "D-CGJ:direct_leader"),
        ("resumed", "D-CGJ:handler"),
        ("resumed", "D-CGJ:direct_leader"),
        ("verification_wanted", "510302:verifier"),
        ("passed", "D-CGJ:handler"),
        ("closed", "D-CGJ:handler"),
        ("closed", "R00002"),
        ("stand_down", "510302001002:area_chief"),
        ("stand_down", "D-CGJ:direct_leader"),
        ("stand_down", "510302001:street_chief"),
        ("stand_down", "T510302001:deputy_leader"),
        ("stand_down", "D-CGJ:deputy_leader"),
    ]
    city.commit()
    assert seal.verify(seal.record_lines(city)).alteration is None
