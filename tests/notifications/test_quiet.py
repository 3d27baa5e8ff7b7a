from datetime import time

import pytest

from notifications.quiet import city_opens_at, opens_at
from tests.cast import ZONE, at, shown

POLICY = {"quiet_hours": {"from": "21:00", "to": "07:30"}}


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-02 20:59", None),
        ("2026-11-02 21:00", "2026-11-03 07:30"),
        ("2026-11-03 00:00", "2026-11-03 07:30"),
        ("2026-11-03 07:29", "2026-11-03 07:30"),
        ("2026-11-03 07:30", None),
        ("2026-12-31 23:00", "2027-01-01 07:30"),
    ],
)
def test_the_night_ends_at_half_past_seven(now, opens):
    assert shown(city_opens_at(at(now), policy=POLICY, zone=ZONE)) == opens


def test_a_quiet_noon_ends_on_the_same_day():
    noon = opens_at(at("2026-11-02 12:30"), start=time(12), end=time(14), zone=ZONE)
    assert shown(noon) == "2026-11-02 14:00"


def test_a_city_may_have_no_quiet_hours():
    assert city_opens_at(at("2026-11-02 23:00"), policy={}, zone=ZONE) is None
