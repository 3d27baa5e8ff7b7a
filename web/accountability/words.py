"""Words of the pages about measures: why a rule proposed one, what a pile is called, what an act asks for."""

from collections.abc import Mapping
from typing import Any

from models import terms
from models.accountability import BY_HAND, MeasureAct, MeasureKind
from models.accountability_rules import When
from runtime.i18n import gettext as _
from runtime.i18n import language, ngettext
from services.accountability.view import Line, Pile

SHORT = 60


def cause(because: Mapping[str, Any]) -> str:
    """Why it was proposed, in one line."""
    when, n = because.get("when"), int(because.get("count") or 0)
    if when == When.ORDER:
        return _("The ladder numbered order no. {n}: {order}").format(n=because["degree"], order=because["order"])
    if when == When.STEP:
        return _("The ladder reached {step}").format(step=because["step"])
    if when == When.OVERDUE:
        return ngettext("{n} issue overdue at once", "{n} issues overdue at once", n).format(n=n)
    if when == When.YELLOW_CARDS:
        return ngettext("{n} yellow card", "{n} yellow cards", n).format(n=n)
    if when == When.BLACK_LIST:
        told = ngettext("{n} month in a row on the black list", "{n} months in a row on the black list", n)
        return told.format(n=n)
    if when == When.REPLY_LATE:
        return _("The reply to {order} is long late").format(order=because["order"])
    if when == BY_HAND:
        return _("Proposed by a person: {why}").format(why=shortened(str(because["said"])))
    return terms.term(terms.MEASURE_CAUSES, when, language())


def shortened(written: str) -> str:
    """What fits into a line of a list; the whole of it stands on record."""
    return written if len(written) <= SHORT else f"{written[:SHORT]}…"


def piles() -> Mapping[Pile, str]:
    """What each pile is called."""
    return {
        Pile.DECIDE: _("Proposals to decide"),
        Pile.SECOND: _("Waits for a second person"),
        Pile.REVIEW: _("Replies to review"),
        Pile.LATE: _("Replies that are late"),
        Pile.REPLY: _("Orders that wait for their reply"),
        Pile.RUNNING: _("Interviews and proposals under way"),
        Pile.CARDS: _("Cards"),
        Pile.ENDED: _("Ended in 90 days"),
    }


def buttons(line: Line) -> Mapping[MeasureAct, str]:
    """What the button of each act says; where the act means several things, by the kind."""
    approve = {
        MeasureKind.ORDER: _("Issue the order"),
        MeasureKind.INTERVIEW: _("Call the interview"),
        MeasureKind.YELLOW_CARD: _("Give the yellow card"),
        MeasureKind.RED_CARD: _("Give the red card"),
        MeasureKind.PROPOSAL: _("Approve; a second person decides"),
    }
    return {
        MeasureAct.APPROVE: approve[line.kind],
        MeasureAct.SECOND: _("Hand the proposal over"),
        MeasureAct.REJECT: _("Decide against it"),
        MeasureAct.REPLY: _("Send the reply"),
        MeasureAct.RETURN: _("Return the reply"),
        MeasureAct.ACCEPT: _("Accept the reply"),
        MeasureAct.HOLD: _("Put the interview on record"),
        MeasureAct.CONCLUDE: _("Put the outcome on record"),
    }


def labels() -> Mapping[MeasureAct, str]:
    """What is to be written with each act."""
    return {
        MeasureAct.APPROVE: _("Note (may stay empty)"),
        MeasureAct.SECOND: _("Note (may stay empty)"),
        MeasureAct.REJECT: _("Why not"),
        MeasureAct.REPLY: _("The unit's reply: what was done, why not yet, what comes next"),
        MeasureAct.RETURN: _("What is missing in the reply"),
        MeasureAct.ACCEPT: _("Note (may stay empty)"),
        MeasureAct.HOLD: _("Who came, what was said and promised"),
        MeasureAct.CONCLUDE: _("What the target-performance office decided"),
    }


def done(act: MeasureAct) -> str:
    """What was done just now, and what comes next."""
    return {
        MeasureAct.PROPOSE: _("Proposed. Somebody else decides."),
        MeasureAct.APPROVE: _("Approved, and on record."),
        MeasureAct.SECOND: _("Seconded. The proposal is out."),
        MeasureAct.REJECT: _("Decided against. The reason is on record."),
        MeasureAct.REPLY: _("Your reply is in. The office reviews it."),
        MeasureAct.RETURN: _("Returned. The unit is told why, and replies again."),
        MeasureAct.ACCEPT: _("Accepted. The order is done."),
        MeasureAct.HOLD: _("The interview is on record."),
        MeasureAct.CONCLUDE: _("The outcome is on record."),
    }.get(act, "")
