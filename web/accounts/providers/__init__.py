"""Other places where people show who they are. How each kind speaks is one small class; KINDS is the list."""

from collections.abc import Callable, Mapping, Sequence

from runtime.providers import Provider, ProviderKind
from web.accounts.providers.base import Adapter
from web.accounts.providers.dingtalk import DingTalk
from web.accounts.providers.feishu import Feishu
from web.accounts.providers.oidc import Oidc
from web.accounts.providers.wecom import WeCom

KINDS: Mapping[ProviderKind, Callable[[Provider], Adapter]] = {
    ProviderKind.OIDC: Oidc,
    ProviderKind.WECOM: WeCom,
    ProviderKind.DINGTALK: DingTalk,
    ProviderKind.FEISHU: Feishu,
}


class Providers:
    """Those of this installation."""

    def __init__(self, given: Sequence[Provider]) -> None:
        self._given = {one.name: one for one in given}
        self._adapters = {one.name: KINDS[one.kind](one) for one in given}

    def offered(self) -> Sequence[Provider]:
        """All of them, in the order of the file."""
        return list(self._given.values())

    def find(self, name: str) -> tuple[Provider, Adapter] | None:
        """The one with this name, and how it speaks."""
        return (self._given[name], self._adapters[name]) if name in self._given else None
