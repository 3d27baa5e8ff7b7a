"""What ended long ago is swept up; what holds, and the record, stay."""

from datetime import timedelta

from sqlmodel import Session, select

from models.account import KeyPurpose, LoginEvent, LoginKey, LoginSession
from services import sessions
from services.accounts import onetime
from services.accounts.entering import open_for
from services.accounts.tidying import KEPT, tidy
from services.sessions import Method
from tests.cast import HANDLER
from tests.services.accounts.door import HERE, NOW


def test_only_what_ended_long_ago_goes(city: Session) -> None:
    open_for(city, HANDLER, method=Method.PASSWORD, visitor=HERE, now=NOW)
    onetime.make(city, HANDLER, purpose=KeyPurpose.LINK, method=Method.LINK, good_for=timedelta(minutes=15), now=NOW)
    later = NOW + KEPT + sessions.LASTS + timedelta(days=1)
    fresh = sessions.open_session(city, HANDLER, method=Method.PASSWORD, device="d", now=later)
    tidy(city, now=later)
    city.commit()
    assert city.exec(select(LoginKey)).all() == []
    assert len(city.exec(select(LoginSession)).all()) == 1
    assert sessions.find_session(city, fresh, now=later)
    assert len(city.exec(select(LoginEvent)).all()) == 1
