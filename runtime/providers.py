"""Where else people may show who they are: a TOML file that DUBAN_LOGIN_PROVIDERS names, one `[[provider]]` each.

Secrets lie in files of their own. Read once, when the web process starts.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from runtime.errors import BadSettings

VARIABLE = "DUBAN_LOGIN_PROVIDERS"
MATCHES = frozenset({"mail", "phone"})
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_TEXTS = ("title", "title_en", "issuer", "agent_id", "authorize", "token", "user", "scope")


class ProviderKind(StrEnum):
    """How a provider speaks."""

    OIDC = "oidc"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


@dataclass(frozen=True)
class Provider:
    """One of them. `match`: by which verified address somebody may be bound at the first log-in; nobody when empty.

    `authorize`, `token`, `user`: other addresses than the usual ones, as an installation of the provider's own has.
    """

    name: str
    kind: ProviderKind
    client_id: str
    secret: str = field(repr=False)
    title: str = ""
    title_en: str = ""
    issuer: str = ""
    agent_id: str = ""
    match: tuple[str, ...] = ()
    authorize: str = ""
    token: str = ""
    user: str = ""
    scope: str = ""

    def label(self, lang: str) -> str:
        """What the button says."""
        return (self.title_en if lang == "en" else self.title) or self.title or self.name


def read_providers(path: Path | None) -> tuple[Provider, ...]:
    """All of the file; none without a file. Raises BadSettings that says where and what."""
    if path is None:
        return ()
    try:
        rows = tomllib.loads(path.read_text("utf-8")).get("provider", [])
    except (OSError, ValueError) as error:
        raise BadSettings(problems=f"{VARIABLE}: {path}: {error}") from None
    found = tuple(_provider(row, place, path) for place, row in enumerate(rows, start=1))
    if len({one.name for one in found}) != len(found):
        raise BadSettings(problems=f"{VARIABLE}: {path}: two providers have the same name")
    return found


def _provider(row: Any, place: int, path: Path) -> Provider:
    problems = list(_problems(row)) if isinstance(row, dict) else ["expected [[provider]]"]
    if problems:
        raise BadSettings(problems=f"{VARIABLE}: {path}: provider {place}: {'; '.join(problems)}")
    return Provider(
        name=row["name"],
        kind=ProviderKind(row["kind"]),
        client_id=row["client_id"],
        secret=_secret(row, path),
        match=tuple(row.get("match", ())),
        **{name: row[name] for name in _TEXTS if name in row},
    )


def _problems(row: Mapping[str, Any]) -> list[str]:
    known = {"name", "kind", "client_id", "client_secret_file", "match", *_TEXTS}
    texts = {name: row.get(name, "") for name in known - {"match"}}
    found = [f"{name}: unknown" for name in sorted(set(row) - known)]
    found += [f"{name}: expected text" for name, value in texts.items() if not isinstance(value, str)]
    found += [f"{name}: missing" for name in ("name", "kind", "client_id", "client_secret_file") if not row.get(name)]
    if found:
        return found
    if not _NAME.fullmatch(texts["name"]):
        found.append("name: expected small letters, digits and -")
    if texts["kind"] not in set(ProviderKind):
        found.append(f"kind: expected {', '.join(ProviderKind)}")
    match = row.get("match", [])
    if not isinstance(match, list) or not {str(one) for one in match} <= MATCHES:
        found.append(f"match: expected some of {', '.join(sorted(MATCHES))}")
    return found + _urls(texts)


def _urls(texts: Mapping[str, str]) -> list[str]:
    """What travels there are secrets: only this machine may be reached without TLS."""
    found = [
        f"{name}: expected https://…"
        for name in ("issuer", "authorize", "token", "user")
        if texts[name] and not texts[name].startswith(("https://", "http://127.0.0.1:", "http://localhost:"))
    ]
    if texts["kind"] == ProviderKind.OIDC and not texts["issuer"]:
        found.append("issuer: missing")
    if texts["kind"] == ProviderKind.WECOM and not texts["agent_id"]:
        found.append("agent_id: missing")
    return found


def _secret(row: Mapping[str, Any], path: Path) -> str:
    file = path.parent / str(row["client_secret_file"])
    try:
        found = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(problems=f"{VARIABLE}: {file}: cannot be read: {type(error).__name__}") from None
    if not found:
        raise BadSettings(problems=f"{VARIABLE}: {file}: is empty")
    return found
