"""Templates of errors that services define for these pages, marked here for translation."""


def _(message: str) -> str:
    """Translated when it is shown."""
    return message


FROM_SERVICES = (
    _("Name or password is not right. A one-time link gets you in without a password."),
    _("Too many tries. Please wait {minutes} minute(s), or use a one-time link."),
    _("A link was asked for several times already. Please wait {minutes} minute(s)."),
    _("You hold no post today, so there is nothing to log in for. Please tell the creation office."),
    _("This link or code was used already or has run out. Please ask for a new one."),
    _("This code is not right. Look for the newest one and type it again."),
    _("Please choose another password: {weakness}"),
    _("Please type your present password, or log in again with a one-time link first."),
    _("Whoever went in by one tap cannot change how this person logs in."),
    _("This identity is bound to {person} already."),
    _("Whoever manages the city has a second factor. An administrator can have it set up anew."),
    _("Going in by one tap is for a demo city only; {city} is not one."),
    _("{provider} has not said who you are ({why}). Please try again, or log in another way."),
)
