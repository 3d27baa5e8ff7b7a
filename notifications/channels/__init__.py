"""The doors to the outside. A new channel is three edits: one file, one line in CHANNELS, one test file.

Which channel serves an address: the one named after its scheme (`wecombot://…`); for any other URL, Apprise; for an
address without a scheme, the one named after its class (`mail`, `sms`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from models.unit import ChannelClass
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.base import Channel, Letter, Sent
from notifications.channels.sms_gateway import SmsGateway
from notifications.channels.smtp import Smtp
from notifications.channels.webhook import Webhooks

ANY_URL = "any_url"


@dataclass(frozen=True)
class Gateways:
    """What the installation offers: a mail server as smtp://user:password@host:port or smtps://…, an SMS provider.

    Or none of them. `webhook_networks`: addresses of the inside that webhooks may go to, such as 10.0.0.0/8.
    """

    smtp_url: str | None = field(default=None, repr=False)  # may hold a password
    sms_url: str | None = field(default=None, repr=False)
    webhook_networks: tuple[str, ...] = ()


CHANNELS: Mapping[str, Callable[[Gateways], Channel | None]] = {
    "mail": lambda given: Smtp(given.smtp_url) if given.smtp_url else None,
    "sms": lambda given: SmsGateway(given.sms_url) if given.sms_url else None,
    "dubanhooks": lambda given: Webhooks(networks=given.webhook_networks),
    "dubanhook": lambda given: Webhooks(networks=given.webhook_networks),
    ANY_URL: lambda given: AppriseUrl(),  # noqa: ARG005 - needs no gateway
}


class Channels:
    """The channels that are open in this process."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._open = dict(channels)

    @property
    def has_gateway(self) -> bool:
        """Whether an address that is no URL (a mail address, a phone number) can be reached from here."""
        return any(name in self._open for name in ChannelClass)

    def serving(self, channel: str, address: str) -> Channel | None:
        """The channel for an address of a class; None where none is configured."""
        if "://" not in address:
            return self._open.get(channel)
        return self._open.get(address.split("://", 1)[0].lower()) or self._open.get(ANY_URL)

    def width(self, channel: str, address: str) -> int | None:
        """How many letters the channel for an address takes at once, where it says so."""
        width: int | None = getattr(self.serving(channel, address), "at_once", None)
        return width

    def close(self) -> None:
        """Let go of kept connections."""
        for channel in self._open.values():
            channel.close()


def open_channels(gateways: Gateways) -> Channels:
    """Every channel that can be opened with what is given. Raises ValueError for a gateway that cannot be used."""
    made = {name: make(gateways) for name, make in CHANNELS.items()}
    return Channels({name: channel for name, channel in made.items() if channel})


__all__ = ["ANY_URL", "CHANNELS", "Channel", "Channels", "Gateways", "Letter", "Sent", "open_channels"]
