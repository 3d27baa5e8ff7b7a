"""What counts as a password, and how it is kept."""

import subprocess
import sys

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session

from models.account import Account
from models.unit import Person
from runtime.settings import PROJECT
from services.accounts import passwords
from services.accounts.errors import WeakPassword
from services.accounts.passwords import is_right
from tests.cast import HANDLER
from tests.services.accounts.door import PASSWORD, give_password


def test_a_password_is_kept_as_argon2id_alone(city: Session) -> None:
    give_password(city, HANDLER)
    kept = city.get_one(Account, HANDLER).password_hash
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_a_guess_costs_whoever_guesses_time_and_memory() -> None:
    """At least what OWASP's password storage cheat sheet asks of Argon2id: 19 MiB, two passes, one lane."""
    code = "from services.accounts.passwords import _hasher as h; print(h.memory_cost, h.time_cost, h.parallelism)"
    said = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    memory, passes, lanes = map(int, said.split())
    assert memory >= 19 * 1024
    assert passes >= 2
    assert lanes == 1


def test_the_right_one_is_right_and_another_is_not(city: Session) -> None:
    give_password(city, HANDLER)
    kept = city.get_one(Account, HANDLER).password_hash
    assert is_right(kept, PASSWORD)
    assert not is_right(kept, f"{PASSWORD} ")


def test_whoever_has_none_is_never_right() -> None:
    assert not is_right("", "")
    assert not is_right("", "nobody has this password")


def test_a_name_that_nobody_has_costs_as_much_as_one_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, kept: str, password: str) -> bool:
        asked.append(kept.split("$")[1:4])
        return bool(verify(self, kept, password))

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    is_right("", "guess")
    is_right(passwords._hasher.hash("another"), "guess")
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("short", "short"),
        ("x" * 201, "long"),
        ("Password123", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abcabcabcabc", "common"),
        ("r00006-is-me", "name"),
        ("我住在自贡看恐龙灯会", ""),
        (PASSWORD, ""),
        ("密" * 5 + "码" * 5, "common"),
    ],
)
def test_weak_passwords_are_told_why(city: Session, password: str, weakness: str) -> None:
    assert passwords.weakness(password, city.get_one(Person, HANDLER)) == weakness


def test_a_weak_one_is_not_kept(city: Session) -> None:
    with pytest.raises(WeakPassword):
        give_password(city, HANDLER, "password123")
    assert city.get(Account, HANDLER) is None


def test_an_old_hash_is_renewed_by_the_right_password(city: Session) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert passwords.grown_old(old)
    passwords.rehash(city, HANDLER, PASSWORD)
    city.commit()
    kept = city.get_one(Account, HANDLER).password_hash
    assert not passwords.grown_old(kept)
    assert is_right(kept, PASSWORD)
