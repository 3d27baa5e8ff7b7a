"""The file of login providers: read once, and what is wrong in it is told with its place."""

from pathlib import Path

import pytest

from runtime.errors import BadSettings
from runtime.providers import read_providers

FINE = (
    'name = "sso"\nkind = "oidc"\nissuer = "https://sso.example"\nclient_id = "duban"\nclient_secret_file = "secret"\n'
)


def read(folder: Path, *rows: str, secret: str = "s"):
    (folder / "secret").write_text(secret)
    (folder / "providers.toml").write_text("".join(f"[[provider]]\n{row}" for row in rows))
    return read_providers(folder / "providers.toml")


def test_without_a_file_there_are_none() -> None:
    assert read_providers(None) == ()


def test_several_are_read_in_their_order_with_secrets_from_files(tmp_path: Path) -> None:
    wecom = FINE.replace("sso", "wecom", 1).replace('"oidc"', '"wecom"') + 'agent_id = "1000002"\nmatch = ["phone"]\n'
    first, second = read(tmp_path, FINE, wecom, secret=" very-secret\n")
    assert (first.name, first.secret, second.match) == ("sso", "very-secret", ("phone",))
    assert "very-secret" not in repr(first)


def test_the_button_speaks_the_readers_language(tmp_path: Path) -> None:
    (one,) = read(tmp_path, FINE + 'title = "统一认证"\ntitle_en = "Single sign-on"\n')
    assert (one.label("zh-CN"), one.label("en")) == ("统一认证", "Single sign-on")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (FINE.replace("https://sso.example", "http://sso.example"), "issuer: expected https"),
        (FINE.replace('"oidc"', '"saml"'), "kind: expected oidc"),
        (FINE.replace('"sso"', '"../x"', 1), "name: expected small letters"),
        (FINE.replace('client_id = "duban"\n', ""), "client_id: missing"),
        (FINE.replace('issuer = "https://sso.example"\n', ""), "issuer: missing"),
        (FINE + 'match = ["name"]\n', "match: expected some of mail, phone"),
        (FINE + "match = 7\n", "match"),
        (FINE + 'client_secret = "x"\n', "client_secret: unknown"),
        (FINE.replace('"duban"', "7"), "client_id: expected text"),
        (FINE.replace('"oidc"', '"wecom"'), "agent_id: missing"),
        (FINE.replace('"secret"', '"nowhere"'), "nowhere: cannot be read"),
        ("name = ", "providers.toml"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(BadSettings, match=words):
        read(tmp_path, row)


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="same name"):
        read(tmp_path, FINE, FINE)


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="is empty"):
        read(tmp_path, FINE, secret="\n")
