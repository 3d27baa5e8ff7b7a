"""Words of My work: what each pile is called, and what one does with its cards."""

from models.lifecycle import Action
from runtime.i18n import gettext as _
from services.work import Heap
from services.work_piles import Pile


def title(pile: Pile) -> str:
    """What a pile is called."""
    return {
        Pile.OVERDUE: _("Overdue"),
        Pile.SIGN_IN: _("To sign in"),
        Pile.ORDERS: _("Supervision orders to answer"),
        Pile.RECTIFY: _("To put right"),
        Pile.VERIFY: _("To verify"),
        Pile.ASSIGN: _("To assign"),
        Pile.DECIDE: _("Requests to decide"),
        Pile.CLOSE_OUT: _("To close out"),
        Pile.LOOK_BACK: _("To look back at"),
        Pile.CLIMBED: _("Climbed to me"),
    }[pile]


def note(pile: Pile) -> str:
    """What a pile is, where its name does not say all."""
    return {
        Pile.CLOSE_OUT: _("It closes by itself as soon as nothing is missing."),
        Pile.CLIMBED: _("For your information: the duty stays with the unit."),
        Pile.LOOK_BACK: _("Closed some time ago: does it still hold?"),
    }.get(pile, "")


def count(heap: Heap) -> str:
    """How many lie there."""
    return f"{heap.count}+" if heap.is_more_than_counted else str(heap.count)


GRANTS = frozenset({Action.GRANT_EXTENSION, Action.GRANT_RETURN, Action.GRANT_SHELVING})
ONE_TAP = frozenset({Action.SIGN_IN, Action.PASS, Action.CLOSE_OUT, Action.LOOK_BACK, Action.ASSIGN}) | GRANTS
"""Done from a card by one tap, with nothing to fill in."""
ON_THE_PAGE = frozenset({Action.ASK_EXTENSION, Action.CALL_BACK})
"""These take more than a card has room for: their forms are on the issue's page."""


def itself(code: str | None) -> str:
    """A name where no more than the code is at hand."""
    return code or ""
