"""Whether a URL can be an address at all, said before anything is kept or sent: what is wrong with it, and where."""

from functools import cache
from typing import Any

from apprise.plugins import N_MGR

from notifications.channels import own
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.plugin import Plugin, schemes
from notifications.channels.sms import SmsPlugin
from notifications.channels.sms_text import phone_of

_MANAGER: Any = N_MGR


def expected_of(url: str) -> str | None:
    """What was expected where this URL cannot be used, without any part of it; None where it can.

    Plugins of ours take it apart; of others no more is known here than whether Apprise serves the scheme.
    """
    scheme = url.split("://", 1)[0].lower()
    plugin = _own().get(scheme)
    if plugin is None:
        return None if scheme in _known() else "a URL that Apprise knows"
    given = plugin.parse_url(url)
    if given is None:
        return "a URL"
    try:
        made = plugin(**given)
    except TypeError as error:
        return str(error).removeprefix("expected ")
    if isinstance(made, SmsPlugin) and phone_of(made.phone) is None:
        return "a phone number in the path, or to="
    return None


@cache
def _own() -> dict[str, type[Plugin]]:
    return {scheme: plugin for plugin in own.OWN for scheme in schemes(plugin)}


@cache
def _known() -> frozenset[str]:
    AppriseUrl()  # has Apprise load its plugins
    return frozenset(_MANAGER.schemas())
