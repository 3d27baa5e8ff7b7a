"""Systems side by side: an audit by another system's edition asks that edition's standards at the same points."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from models.audit import Round
from models.point import Point
from models.standard import EvaluationSystem, EvaluationVersion, Standard
from services import audits
from services.systems.use import uses
from tests.cast import MONDAY
from tests.services.test_audits import ORDER
from tests.small_city import a_city


def another_system(session: Session) -> None:
    session.add(EvaluationSystem(code="minors", name="未成年人", position=2))
    session.flush()
    session.add(EvaluationVersion(code="ME", system_code="minors", name="未成年人", valid_from=date(2026, 6, 1)))
    session.flush()
    session.add(
        Standard(
            version_code="ME",
            code="WC-01",
            category_code="12",
            text="周边无网吧",
            deduction=Decimal(2),
            severity="S2",
            lead="L3.unit",
        )
    )
    session.commit()


def test_a_round_by_another_system_asks_its_standards_and_uses_its_edition(session: Session) -> None:
    a_city(session)
    another_system(session)

    audits.start(session, replace(ORDER, version_code="ME"), now=MONDAY)

    (made,) = session.exec(select(Round))
    market = session.get_one(Point, "P-0002")
    assert [one.code for one in audits.asked_of(session, made, market)] == ["WC-01"]
    assert uses(session, ["ME", "CC-2026"])["ME"].rounds == 1
    assert not uses(session, ["CC-2026"])["CC-2026"]
