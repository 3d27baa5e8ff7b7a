"""Who is who at a provider: bound, never made up."""

import pytest
from sqlmodel import Session

from models.errors import NotFound
from models.unit import Contact
from services.accounts import identities
from services.accounts.errors import TakenAlready
from services.accounts.identities import Shown
from tests.cast import HANDLER, OFFICE
from tests.services.accounts.door import NOW, record_of

MAIL = "r00006@example.invalid"
BOTH = ("mail", "phone")


def by_address(session: Session, match=BOTH, **shown: str) -> str | None:
    return identities.bind_by_address(session, Shown("sso", "sub-1", **shown), match=match, now=NOW)


def test_a_subject_is_the_person_it_was_bound_to(city: Session) -> None:
    identities.bind(city, HANDLER, provider="sso", subject="sub-1", by="R00005", now=NOW)
    assert identities.person_of(city, Shown("sso", "sub-1")) == HANDLER
    assert identities.person_of(city, Shown("other", "sub-1")) is None


def test_a_subject_is_one_person(city: Session) -> None:
    identities.bind(city, HANDLER, provider="sso", subject="sub-1", by="R00005", now=NOW)
    identities.bind(city, HANDLER, provider="sso", subject="sub-1", by="R00005", now=NOW)
    with pytest.raises(TakenAlready):
        identities.bind(city, OFFICE, provider="sso", subject="sub-1", by="R00005", now=NOW)


def test_a_verified_mail_binds_where_the_setting_says_so(city: Session) -> None:
    assert by_address(city, mail=MAIL.upper()) == HANDLER
    assert identities.person_of(city, Shown("sso", "sub-1")) == HANDLER


@pytest.mark.parametrize("match", [(), ("phone",)])
def test_it_binds_nobody_where_the_setting_does_not_say_so(city: Session, match: tuple[str, ...]) -> None:
    assert by_address(city, match, mail=MAIL) is None
    assert identities.person_of(city, Shown("sso", "sub-1")) is None


@pytest.mark.parametrize("phone", ["19900000001", "+86 199 0000 0001", "8619900000001"])
def test_a_verified_phone_binds_however_it_is_written(city: Session, phone: str) -> None:
    city.add(Contact(person_code=HANDLER, channel="sms", address="19900000001", verified_at=NOW))
    city.commit()
    assert by_address(city, phone=phone) == HANDLER


def test_an_address_that_we_have_not_confirmed_binds_nobody(city: Session) -> None:
    city.add(Contact(person_code=HANDLER, channel="mail", address="thief@example.invalid"))
    city.commit()
    assert by_address(city, mail="thief@example.invalid") is None


def test_addresses_of_two_people_bind_nobody(city: Session) -> None:
    city.add(Contact(person_code=OFFICE, channel="sms", address="19900000001", verified_at=NOW))
    city.commit()
    assert by_address(city, mail=MAIL, phone="19900000001") is None


def test_what_is_unbound_is_nobody(city: Session) -> None:
    identities.bind(city, HANDLER, provider="sso", subject="sub-1", by="R00005", now=NOW)
    (row,) = identities.identities_of(city, HANDLER)
    with pytest.raises(NotFound):
        identities.unbind(city, row.id, person=OFFICE, by="R00005", now=NOW)
    identities.unbind(city, row.id, person=HANDLER, by="R00005", now=NOW)
    city.commit()
    assert identities.person_of(city, Shown("sso", "sub-1")) is None
    assert record_of(city, HANDLER) == ["bound", "unbound"]
