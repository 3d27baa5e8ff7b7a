"""WeCom 企业微信: its own protocol, with a token of the app first. Members only.

Source: developer.work.weixin.qq.com, “网页授权登录” (authorize, getuserinfo) and “企业微信登录” (scanned in a browser).
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from runtime.providers import Provider
from services.accounts.identities import Shown
from web.accounts.providers.base import Journey, NotShown, ask, text_of, why

SCANNED = "https://login.work.weixin.qq.com/wwlogin/sso/login"
INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
TOKEN = "https://qyapi.weixin.qq.com/cgi-bin/gettoken"
USER = "https://qyapi.weixin.qq.com/cgi-bin/auth/getuserinfo"


class WeCom:
    """`client_id` is the corp id, `agent_id` the app's, the secret the app's."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def address(self, journey: Journey, *, inside: bool) -> str:
        given = {"appid": self._provider.client_id, "agentid": self._provider.agent_id}
        given |= {"redirect_uri": journey.back, "state": journey.state}
        if inside and not self._provider.authorize:
            return f"{INSIDE}?{urlencode({**given, 'response_type': 'code', 'scope': 'snsapi_base'})}#wechat_redirect"
        return f"{self._provider.authorize or SCANNED}?{urlencode({**given, 'login_type': 'CorpApp'})}"

    def shown(self, journey: Journey, query: Mapping[str, str]) -> Shown:  # noqa: ARG002 - it knows no PKCE
        code = query.get("code", "")
        if not code:
            raise NotShown(provider=self._provider.name, why="no code")
        app = {"corpid": self._provider.client_id, "corpsecret": self._provider.secret}
        token = self._asked(self._provider.token or TOKEN, app)
        user = self._asked(self._provider.user or USER, {"access_token": text_of(token, "access_token"), "code": code})
        subject = text_of(user, "userid") or text_of(user, "UserId")
        if not subject:
            raise NotShown(provider=self._provider.name, why="not a member")
        return Shown(self._provider.name, subject)

    def _asked(self, url: str, given: Mapping[str, str]) -> object:
        found = ask(self._provider.name, "GET", url, params=given)
        if not isinstance(found, dict) or found.get("errcode", 0) != 0:
            raise NotShown(provider=self._provider.name, why=why(found, "errcode"))
        return found
