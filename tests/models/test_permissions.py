"""The whole product of posts, rights and places: exactly what is written out here, or nothing."""

import pytest

from models.errors import ActionNotAllowed
from models.permissions import PERMISSIONS, Right, held, must_hold
from models.rights import SYSTEM, Actor, HeldPost
from models.unit import OwnerKind, PostKind

CITY, PATH = "5103", "5103/510302/510302001"
# Where a post may be, and whether that is over the place, of the unit or of the point that is asked about.
PLACES = {
    "the city": (OwnerKind.AREA, "5103", True),
    "the district above": (OwnerKind.AREA, "510302", True),
    "the place itself": (OwnerKind.AREA, "510302001", True),
    "below the place": (OwnerKind.AREA, "510302001002", False),
    "another district": (OwnerKind.AREA, "510303", False),
    "the unit": (OwnerKind.UNIT, "D-CGJ", True),
    "another unit": (OwnerKind.UNIT, "D-SCJGJ", False),
    "the point": (OwnerKind.POINT, "P-0001", True),
    "another point": (OwnerKind.POINT, "P-0002", False),
}
LEADERS = {"direct_leader", "deputy_leader", "principal_leader"}
CHIEFS = {"building_chief", "grid_chief", "area_chief", "street_chief", "inspector"}
TOPS = {"headquarters", "performance_office", "sponsor_leader"}
EVERYBODY = {"handler", "verifier", "office", "duty_officer", "administrator"} | LEADERS | CHIEFS | TOPS
# Written out a second time on purpose: which posts give a right, and where alone.
RIGHTS = {
    "see": (EVERYBODY, "anywhere"),
    "report": (EVERYBODY, "anywhere"),
    "classify": ({"office"}, "anywhere"),
    "export": ({"office", "duty_officer", "administrator", "verifier"} | LEADERS | TOPS, "anywhere"),
    "see_boards": (EVERYBODY - {"handler"}, "anywhere"),
    "see_audits": ({"office", "duty_officer", "administrator"} | CHIEFS | TOPS, "anywhere"),
    "start_audit": ({"office", "duty_officer", "headquarters"} | CHIEFS, "areas"),
    "record_sheet": ({"office"} | CHIEFS, "anywhere"),
    "record_for_others": ({"office"}, "areas"),
    "redact": ({"office", "administrator", "duty_officer", "headquarters"}, "anywhere"),
    "judge_evidence": ({"verifier", "office", "duty_officer", "headquarters"}, "anywhere"),
    "print_signs": ({"office", "administrator"}, "areas"),
    "appoint": ({"office", "administrator"}, "areas"),
    "import_notice": ({"office", "administrator"}, "city"),
    "manage_city": ({"office", "administrator"}, "city"),
    "manage_contacts": ({"administrator"}, "city"),
    "manage_accounts": ({"administrator"}, "city"),
    "manage_hooks": ({"administrator"}, "city"),
    "operate_outbox": ({"office", "administrator", "duty_officer"}, "city"),
    "prepare_publication": ({"office"}, "areas"),
    "record_incident": ({"office"}, "areas"),
    "approve_publication": ({"office"} | TOPS, "areas"),
    "issue_task_letter": ({"office"}, "areas"),
    "sign_task_letter": (LEADERS, "anywhere"),
    "appeal": (LEADERS, "anywhere"),
    "decide_appeal": ({"office", "headquarters"}, "areas"),
    "run_surveys": ({"office"}, "areas"),
    "see_surveys": ({"office", "duty_officer", "administrator"} | TOPS, "areas"),
    "manage_filing": ({"office"}, "areas"),
    "see_filing": ({"handler", "verifier", "office", "duty_officer", "administrator"} | LEADERS | TOPS, "anywhere"),
    "file_material": ({"handler"} | LEADERS, "anywhere"),
    "review_filing": ({"verifier"}, "areas"),
    "see_accountability": ({"handler", "office", "duty_officer"} | LEADERS | TOPS, "anywhere"),
    "decide_accountability": ({"office", "headquarters"}, "areas"),
    "second_proposal": (TOPS, "city"),
    "propose_measure": ({"office", "headquarters"}, "areas"),
    "keep_instructions": ({"office"}, "areas"),
    "record_patrol": (CHIEFS - {"inspector"}, "areas"),
}


def holder(kind: PostKind, place: str) -> Actor:
    owner_kind, owner, _ = PLACES[place]
    return Actor("R00001", (HeldPost(kind, owner_kind, owner),))


def expected(kind: PostKind, right: Right, place: str) -> bool:
    posts, where = RIGHTS[right.value]
    owner_kind, owner, over = PLACES[place]
    fits = {"anywhere": True, "areas": owner_kind is OwnerKind.AREA, "city": owner == CITY}[where]
    return kind.value in posts and fits and over


def test_every_right_is_written_out() -> None:
    assert set(RIGHTS) == {right.value for right in Right} == {right.value for right in PERMISSIONS}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("right", list(Right))
def test_each_post_gives_the_right_there_or_not(right: Right, place: str) -> None:
    found = {
        kind: held(holder(kind, place), right, city=CITY).covers(area_path=PATH, unit="D-CGJ", point="P-0001")
        for kind in PostKind
    }
    assert found == {kind: expected(kind, right, place) for kind in PostKind}


@pytest.mark.parametrize("right", list(Right))
def test_whoever_fills_in_has_the_right_too(right: Right) -> None:
    for kind in PostKind:
        posts = holder(kind, "the city").posts
        deputy = Actor("R00002", (), tuple((post, "R00001") for post in posts))
        assert held(deputy, right, city=CITY) == held(Actor("R00001", posts), right, city=CITY)


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("nobody", [Actor("R00099"), SYSTEM])
def test_without_a_post_there_is_no_right(right: Right, nobody: Actor) -> None:
    assert not held(nobody, right, city=CITY)
    with pytest.raises(ActionNotAllowed):
        must_hold(nobody, right, city=CITY)


@pytest.mark.parametrize("right", list(Right))
def test_a_right_elsewhere_is_none_here(right: Right) -> None:
    actor = holder(PostKind.OFFICE, "another district")
    with pytest.raises(ActionNotAllowed):
        must_hold(actor, right, city=CITY, area_path=PATH)
