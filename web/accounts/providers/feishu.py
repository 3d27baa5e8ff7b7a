"""Feishu 飞书 and Lark: OAuth with PKCE; answers carry a code of their own, also with HTTP 200.

Source: open.feishu.cn, “获取授权码”, “获取 user_access_token” (authen/v2/oauth/token) and “获取用户信息”
(authen/v1/user_info).
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from runtime.providers import Provider
from services.accounts.identities import Shown
from web.accounts.providers.base import Journey, NotShown, ask, text_of, why

AUTHORIZE = "https://accounts.feishu.cn/open-apis/authen/v1/authorize"
TOKEN = "https://open.feishu.cn/open-apis/authen/v2/oauth/token"
USER = "https://open.feishu.cn/open-apis/authen/v1/user_info"


class Feishu:
    """`client_id` is the app id. The subject is the union id. The mail is the one that the enterprise gave."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def address(self, journey: Journey, *, inside: bool) -> str:  # noqa: ARG002 - the same everywhere
        given = {"client_id": self._provider.client_id, "redirect_uri": journey.back, "response_type": "code"}
        given |= {"state": journey.state, "code_challenge": journey.challenge, "code_challenge_method": "S256"}
        if self._provider.scope:
            given["scope"] = self._provider.scope
        return f"{self._provider.authorize or AUTHORIZE}?{urlencode(given)}"

    def shown(self, journey: Journey, query: Mapping[str, str]) -> Shown:
        if not query.get("code"):
            raise NotShown(provider=self._provider.name, why=why(query, "error"))
        given = {
            "grant_type": "authorization_code",
            "client_id": self._provider.client_id,
            "client_secret": self._provider.secret,
            "code": query["code"],
            "redirect_uri": journey.back,
            "code_verifier": journey.verifier,
        }
        found = ask(self._provider.name, "POST", self._provider.token or TOKEN, json=given)
        token = text_of(found, "access_token")
        if not token:
            raise NotShown(provider=self._provider.name, why=why(found, "code", "error"))
        headers = {"Authorization": f"Bearer {token}"}
        answer = ask(self._provider.name, "GET", self._provider.user or USER, headers=headers)
        user = answer.get("data") if isinstance(answer, dict) else None
        subject = text_of(user, "union_id")
        if not subject:
            raise NotShown(provider=self._provider.name, why=why(answer, "code"))
        mail, phone = text_of(user, "enterprise_email"), text_of(user, "mobile").removeprefix("+86")
        return Shown(self._provider.name, subject, text_of(user, "name"), mail, "" if "+" in phone else phone)
