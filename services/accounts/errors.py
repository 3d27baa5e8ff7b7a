"""Why somebody does not get in. None of them tells a stranger whether a name is known."""

from models.errors import Refused


class NotKnown(Refused):
    """No such name, no password set, or not this password: all the same to who tries."""

    code = "login_not_known"
    template = "Name or password is not right. A one-time link gets you in without a password."


class TooManyTries(Refused):
    """Guessing takes for ever."""

    code = "too_many_tries"
    template = "Too many tries. Please wait {minutes} minute(s), or use a one-time link."


class AskedTooOften(Refused):
    """Letters cost money, and a stranger's phone could be made to ring."""

    code = "asked_too_often"
    template = "A link was asked for several times already. Please wait {minutes} minute(s)."


class NoPostToday(Refused):
    """Rights come with posts; who holds none has nothing to do here."""

    code = "no_post_today"
    template = "You hold no post today, so there is nothing to log in for. Please tell the creation office."


class KeyDoesNotHold(Refused):
    """Used, run out, or never made."""

    code = "login_key_does_not_hold"
    template = "This link or code was used already or has run out. Please ask for a new one."


class WrongCode(Refused):
    """Not the code of the letter, or of the app."""

    code = "wrong_login_code"
    template = "This code is not right. Look for the newest one and type it again."


class WeakPassword(Refused):
    """`weakness` is one of terms.WEAKNESSES."""

    code = "weak_password"
    template = "Please choose another password: {weakness}"


class ShowWhoYouAre(Refused):
    """Too long since the log-in to change how one logs in."""

    code = "show_who_you_are"
    template = "Please type your present password, or log in again with a one-time link first."


class NotInADemo(Refused):
    """Anybody could be that person; what they set would stay."""

    code = "not_in_a_demo_session"
    template = "Whoever went in by one tap cannot change how this person logs in."


class TakenAlready(Refused):
    """One subject is one person."""

    code = "identity_taken"
    template = "This identity is bound to {person} already."


class MustHaveOne(Refused):
    """Whoever manages the city keeps the second factor."""

    code = "must_have_second_factor"
    template = "Whoever manages the city has a second factor. An administrator can have it set up anew."
