"""What the scripts of the sheets say, in the reader's language."""

from models import terms
from models.audit import Result
from runtime.i18n import gettext as _
from runtime.i18n import language
from web.audits.parts import counts_words


def words() -> dict[str, str]:
    """Everything that the scripts themselves say. {braces} are filled in by them."""
    results = {f"result_{one}": terms.term(terms.RESULTS, one, language()) for one in Result}
    counts = {f"count_{name}": said for name, said in counts_words().items()}
    return {**results, **counts, **_of_sheets(), **_of_sending(), **_of_deciding()}


def _of_sheets() -> dict[str, str]:
    return {
        "full": _("This device has no room left, so it was not kept. Send what waits, or make room, then try again."),
        "not_kept": _("The device did not keep this. Do not close the page before it is sent."),
        "kept_at": _("Sheets kept on this device: {n}, as of {time}. They open without a network."),
        "nothing_kept": _("No sheets are kept on this device. Open this page once while there is a network."),
        "stop": _("Stop {n} of {of}"),
        "second_look": _("second look"),
        "sheet_full": _("full"),
        "seen": _("{n} seen"),
        "open": _("open"),
        "unsent": _("{n} not sent"),
        "begun": _("{n} begun"),
        "timed": _("Watch for {window} minutes, at least {least}; count every fault."),
        "photo_bad": _("This file cannot be read as a photo: {name}"),
        "film_large": _("The video {name} is too large: at most {most} MB. Record a shorter one."),
        "film_long": _("The video {name} is too long: {found} seconds, at most {most}. Record a shorter one."),
        "photo_kept": _("Kept: {name}"),
        "remove_photo": _("Remove it"),
        "with_photo": _("with a photo"),
        "with_film": _("with a video"),
        "draft": _("begun, not recorded yet"),
        "choose": _("Nothing has been chosen or counted yet."),
        "note_needed": _("{code}: please say what was seen, or why it is not applicable."),
        "count_all": _("{code}: the counts do not say the result yet. Complete them, or tick a result."),
        "too_long": _("{code}: at most {n} characters, please."),
        "counts_differ": _("{code}: the counts say “{said}”. Correct them, or what is ticked."),
        "count_bad": _("{code}: “{value}” is no number that can be used here."),
    }


def _of_sending() -> dict[str, str]:
    return {
        "waits": _("recorded on this device at {time}, not sent yet"),
        "waiting": _("Not sent yet: {n}. They go by themselves when there is a network."),
        "sending": _("Sending {n} of {of} …"),
        "sent": _("Sent: {n}"),
        "kept": _("No network. What is filled in is kept on this device and stays here; it goes when you are back."),
        "logged_out": _("You are logged out. Everything is kept on this device: log in, then it is sent."),
        "log_in": _("Log in"),
        "failed": _("The server cannot take it now ({status}). It is kept on this device and tried again."),
        "elsewhere": _("It is being sent in another window."),
        "others": _("{n} more of somebody else: they show when that person logs in."),
    }


def _of_deciding() -> dict[str, str]:
    return {
        "differs": _("Something else is recorded: {words}"),
        "theirs": _("That is right: delete mine"),
        "mine": _("Mine is right: have it decided"),
        "handed_in": _("Handed in: whoever steers the audit decides which counts."),
        "again": _("Try again"),
        "delete": _("Delete"),
        "really": _("Really delete?"),
        "not_taken": _("Not taken: {words}"),
    }
