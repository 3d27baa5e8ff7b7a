"""DingTalk 钉钉: OAuth with field names of its own; who somebody is comes from another address.

Source: open.dingtalk.com, “获取登录用户的访问凭证” (login.dingtalk.com/oauth2/auth, v1.0/oauth2/userAccessToken) and
“获取用户通讯录个人信息” (v1.0/contact/users/me).
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from runtime.providers import Provider
from services.accounts.identities import Shown
from web.accounts.providers.base import Journey, NotShown, ask, text_of, why

AUTHORIZE = "https://login.dingtalk.com/oauth2/auth"
TOKEN = "https://api.dingtalk.com/v1.0/oauth2/userAccessToken"
USER = "https://api.dingtalk.com/v1.0/contact/users/me"


class DingTalk:
    """`client_id` is the app key. The subject is the union id, which is the same in every app of the organisation."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def address(self, journey: Journey, *, inside: bool) -> str:  # noqa: ARG002 - the same everywhere
        given = {"client_id": self._provider.client_id, "redirect_uri": journey.back, "response_type": "code"}
        given |= {"scope": self._provider.scope or "openid", "state": journey.state, "prompt": "consent"}
        return f"{self._provider.authorize or AUTHORIZE}?{urlencode(given)}"

    def shown(self, journey: Journey, query: Mapping[str, str]) -> Shown:  # noqa: ARG002 - it knows no PKCE
        code = query.get("authCode") or query.get("code", "")
        if not code:
            raise NotShown(provider=self._provider.name, why=why(query, "error"))
        given = {"clientId": self._provider.client_id, "clientSecret": self._provider.secret, "code": code}
        given |= {"grantType": "authorization_code"}
        found = ask(self._provider.name, "POST", self._provider.token or TOKEN, json=given)
        token = text_of(found, "accessToken")
        if not token:
            raise NotShown(provider=self._provider.name, why=why(found, "code"))
        headers = {"x-acs-dingtalk-access-token": token}
        user = ask(self._provider.name, "GET", self._provider.user or USER, headers=headers)
        subject = text_of(user, "unionId")
        if not subject:
            raise NotShown(provider=self._provider.name, why=why(user, "code"))
        country = text_of(user, "stateCode")
        phone = text_of(user, "mobile") if country in ("", "86") else ""
        return Shown(self._provider.name, subject, text_of(user, "nick"), phone=phone)
