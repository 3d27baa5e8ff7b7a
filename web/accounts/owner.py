"""Somebody who is logged in, about their own log-in."""

from runtime import clock
from services.accounts.own import Owner
from web.accounts.going import vault, visitor
from web.deps import Desk
from web.login import Reader


def owner_of(here: Desk, reader: Reader) -> Owner:
    """The reader of this page as the services take them."""
    return Owner(
        session=here.session,
        many=here.request.app.state.sessions,
        opened=reader.session,
        visitor=visitor(here),
        vault=vault(here),
        now=clock.true_now(here.session),
    )
