"""The installation's gateway (DUBAN_SMS_URL): the way to contacts that are bare phone numbers."""

from notifications.channels.base import Letter, Sent
from notifications.channels.gateway import HttpGateway
from notifications.channels.plugin import schemes
from notifications.channels.sms import SmsPlugin
from notifications.channels.sms_aliyun import AliyunSms
from notifications.channels.sms_tencent import TencentSms

PROVIDERS: tuple[type[SmsPlugin], ...] = (AliyunSms, TencentSms, HttpGateway)
SCHEMES = frozenset(scheme for provider in PROVIDERS for scheme in schemes(provider))


class SmsGateway:
    """One provider for all phone numbers. Raises ValueError, without the URL, for one that cannot be used."""

    def __init__(self, url: str) -> None:
        scheme = url.split("://", 1)[0].lower()
        for provider in PROVIDERS:
            if scheme in schemes(provider):
                self._provider = _made(provider, url)
                return
        raise ValueError("expected aliyunsms://…, tencentsms://… or smsgates://…")

    def send(self, address: str, *, letter: Letter) -> Sent:
        """To a phone number."""
        return self._provider.deliver_to(address, letter)

    def close(self) -> None:
        """Nothing: connections are shared by all plugins, and none is kept for long."""


def _made(provider: type[SmsPlugin], url: str) -> SmsPlugin:
    try:
        return provider(whole=url)
    except TypeError as error:
        raise ValueError(str(error)) from None
