"""What the page of a run shows of an audit: who goes where, but not where a covert one goes."""

from datetime import date

import pytest

from flows.audit import as_rows, in_words
from models.audit import RoundKind
from services.audits import LARGEST_SEED, AuditOrder, Started

STARTED = Started(1, "ZG-A-2026-0007", wanted=3, available=40, sheets={"R00002": ("P-0001", "P-0003")})


def order(kind: RoundKind) -> AuditOrder:
    return AuditOrder(
        kind=kind,
        area_code="5103",
        points=3,
        seed=LARGEST_SEED,
        inspectors=("R00002",),
        on_date=date(2026, 11, 3),
        requested_by="R00001",
    )


@pytest.mark.parametrize("kind", [kind for kind in RoundKind if kind is not RoundKind.COVERT])
def test_an_audit_is_shown_with_its_points_and_its_seed(kind: RoundKind) -> None:
    assert [row["点位 point"] for row in as_rows(STARTED, order(kind))] == ["P-0001", "P-0003"]
    assert str(LARGEST_SEED) in in_words(STARTED, order(kind))


def test_of_a_covert_one_neither_points_nor_seed_are_shown() -> None:
    words = in_words(STARTED, order(RoundKind.COVERT))
    assert as_rows(STARTED, order(RoundKind.COVERT)) == []
    assert words == "ZG-A-2026-0007: 2 of 40 points 点位, 1 inspectors 检查员, fewer than the 3 wanted 点位不足"
