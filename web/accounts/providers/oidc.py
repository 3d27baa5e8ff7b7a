"""OpenID Connect: the code flow with PKCE, state and nonce. Source: OpenID Connect Core 1.0, Discovery 1.0, RFC 7636.

The ID token is believed when a key of the issuer signed it, for us, in answer to this very journey.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from httpx import BasicAuth
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from runtime import clock
from runtime.providers import Provider
from services.accounts.identities import Shown
from web.accounts.providers.base import Journey, NotShown, ask, text_of, why

SCOPE = "openid profile email phone"
SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures that only the issuer can make: never `none`, never one made with our own secret."""
LEEWAY = 60
"""Seconds that clocks may differ."""


class Oidc:
    """Any provider that speaks it, by its issuer."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @cached_property
    def _about(self) -> Mapping[str, Any]:
        """What the issuer says of itself; kept once it was heard."""
        url = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = ask(self._provider.name, "GET", url)
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if text_of(found, "issuer") != self._provider.issuer or not all(text_of(found, name) for name in wanted):
            raise NotShown(provider=self._provider.name, why="issuer")
        return dict(found)

    def address(self, journey: Journey, *, inside: bool) -> str:  # noqa: ARG002 - the same everywhere
        given = {"response_type": "code", "client_id": self._provider.client_id, "redirect_uri": journey.back}
        given |= {"scope": self._provider.scope or SCOPE, "state": journey.state, "nonce": journey.nonce}
        given |= {"code_challenge": journey.challenge, "code_challenge_method": "S256"}
        start = self._about["authorization_endpoint"]
        return f"{start}{'&' if '?' in start else '?'}{urlencode(given)}"

    def shown(self, journey: Journey, query: Mapping[str, str]) -> Shown:
        if "code" not in query or query.get("iss", self._provider.issuer) != self._provider.issuer:
            raise NotShown(provider=self._provider.name, why=why(query, "error"))
        token = self._token(journey, query["code"])
        claims = self._claims(text_of(token, "id_token"), journey)
        return Shown(
            provider=self._provider.name,
            subject=claims["sub"],
            name=text_of(claims, "name"),
            mail=text_of(claims, "email") if claims.get("email_verified") is True else "",
            phone=text_of(claims, "phone_number") if claims.get("phone_number_verified") is True else "",
        )

    def _token(self, journey: Journey, code: str) -> Any:
        """The code for a token, with our secret in the way that the issuer takes. Source: RFC 6749, 2.3.1 and 4.1.3."""
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": journey.back}
        given |= {"code_verifier": journey.verifier}
        ours, name = (self._provider.client_id, self._provider.secret), self._provider.name
        if "client_secret_basic" in self._about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            basic = BasicAuth(*(quote(one, safe="") for one in ours))
            found = ask(name, "POST", self._about["token_endpoint"], data=given, auth=basic)
        else:
            given |= {"client_id": ours[0], "client_secret": ours[1]}
            found = ask(name, "POST", self._about["token_endpoint"], data=given)
        if not text_of(found, "id_token"):
            raise NotShown(provider=name, why=why(found, "error"))
        return found

    def _claims(self, id_token: str, journey: Journey) -> dict[str, Any]:
        """What the ID token says, once all of it holds. Source: Core 3.1.3.7."""
        rules = JWTClaimsRegistry(
            now=int(clock.system_now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._provider.issuer},
            aud={"essential": True, "value": self._provider.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": journey.nonce},
            sub={"essential": True},
        )
        try:
            keys = KeySet.import_key_set(ask(self._provider.name, "GET", self._about["jwks_uri"]))
            claims = jwt.decode(id_token, keys, algorithms=SIGNED_WITH).claims
            rules.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotShown(provider=self._provider.name, why=type(error).__name__) from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._provider.client_id) != self._provider.client_id:
            raise NotShown(provider=self._provider.name, why="azp")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise NotShown(provider=self._provider.name, why="sub")
        return claims
