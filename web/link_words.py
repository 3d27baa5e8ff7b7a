"""Words for the pages of links: time left, and how a link stands."""

from collections.abc import Mapping

from models import terms
from models.link import Purpose
from runtime.i18n import gettext as _
from runtime.i18n import language, ngettext
from services.following import Standing
from services.link_view import Left, Until

STATUS: Mapping[Standing, int] = {
    Standing.OPEN: 200,
    Standing.AGAIN: 200,
    Standing.USED: 410,
    Standing.EXPIRED: 410,
    Standing.NOT_YET: 409,
    Standing.MOVED_ON: 409,
    Standing.NOT_YOURS: 409,
}
UNKNOWN = 404


def until(what: Until) -> str:
    """What a deadline is for."""
    return {
        Until.SIGN_IN: _("Sign in by"),
        Until.RECTIFY: _("Put right by"),
        Until.VERIFY: _("Verify by"),
        Until.CLOSE: _("Close out by"),
    }[what]


def left(time: Left | None) -> str:
    """How much time is left, or by how much it is late, in days and hours of the clock that counts."""
    if time is None:
        return ""
    words = _length(abs(time.minutes), time)
    return _("{time} left").format(time=words) if time.minutes >= 0 else _("late by {time}").format(time=words)


def _length(minutes: float, time: Left) -> str:
    whole = int(minutes)
    days, rest = divmod(whole, int(time.day))
    hours, rest = divmod(rest, 60)
    parts = [(days, _days(days, time.working)), (hours, _hours(hours, time.working and not days))]
    parts.append((rest, ngettext("{n} minute", "{n} minutes", rest)))
    shown = [words.format(n=n) for n, words in parts if n][:2]
    return " ".join(shown) or _("less than a minute")


def _days(n: int, working: bool) -> str:
    return ngettext("{n} working day", "{n} working days", n) if working else ngettext("{n} day", "{n} days", n)


def _hours(n: int, working: bool) -> str:
    return ngettext("{n} working hour", "{n} working hours", n) if working else ngettext("{n} hour", "{n} hours", n)


def word(table: terms.Words, code: object) -> str:
    """A value's word in the language in use."""
    return terms.term(table, str(code), language())


def gone(standing: Standing | None) -> tuple[str, str]:
    """A title and what to do instead. Tells nothing about the issue: whoever holds an old link may be anybody."""
    if standing is None:
        return (
            _("This link is not valid"),
            _(
                "It may have been cut off: open it again from the message, or copy the whole of it."
                " If the message is an old one, please use the newest message about this matter."
            ),
        )
    return {
        Standing.USED: (
            _("This has been done already"),
            _("Each link works once, and this one has been used. There is nothing more to do here."),
        ),
        Standing.NOT_YET: (
            _("Please sign in first"),
            _("Use the other link of the same message to sign in; after that, this one works."),
        ),
        Standing.EXPIRED: (
            _("This link has expired"),
            _("Open the newest message about this matter, or ask the office that sent it."),
        ),
        Standing.MOVED_ON: (
            _("The matter has moved on"),
            _("Something has happened since the message was sent. The newest message about it has the right link."),
        ),
        Standing.NOT_YOURS: (
            _("This link is no longer for you"),
            _("Who may act has changed since the message was sent. If that is wrong, please tell the office."),
        ),
    }[standing]


def done(purpose: Purpose) -> tuple[str, str]:
    """What has just been done, and what comes next."""
    return {
        Purpose.SIGN_IN: (
            _("Signed in"),
            _("Thank you. When the work is done, hand in proof by the other link of the same message."),
        ),
        Purpose.HAND_IN: (
            _("Handed in"),
            _("Thank you. Somebody independent looks at it now; your clock stands still until then."),
        ),
        Purpose.MORE_TIME: (
            _("Asked for more time"),
            _("The answer comes as a message. Until then the deadline stays as it is."),
        ),
        Purpose.VERIFY: (_("Verdict recorded"), _("Thank you. The unit is told.")),
        Purpose.CONFIRM: (_("Answer recorded"), _("Thank you for telling us.")),
    }[purpose]
