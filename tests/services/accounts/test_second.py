"""The second factor: codes count once, secrets are encrypted, the phone may get lost."""

import pyotp
import pytest
from sqlmodel import Session, select

from models.account import Account, RecoveryCode
from models.unit import Person
from services.accounts import second
from services.accounts.vault import Vault
from tests.cast import HANDLER
from tests.services.accounts.door import NOW, STEP, VAULT, give_app


def shown(session: Session, code: str, now=NOW) -> str:
    found = second.check(session, HANDLER, code, vault=VAULT, now=now)
    session.commit()
    return found


def test_the_app_is_told_whose_it_is(city: Session) -> None:
    second.begin(city, HANDLER, vault=VAULT)
    found = second.set_up(city, city.get_one(Person, HANDLER), vault=VAULT, issuer="督办 自贡市")
    read = pyotp.parse_uri(found.address)
    assert (read.secret, read.name, read.issuer) == (found.secret, HANDLER, "督办 自贡市")


def test_beginning_twice_keeps_the_picture(city: Session) -> None:
    second.begin(city, HANDLER, vault=VAULT)
    kept = city.get_one(Account, HANDLER).totp_secret
    second.begin(city, HANDLER, vault=VAULT)
    assert city.get_one(Account, HANDLER).totp_secret == kept


def test_what_was_begun_counts_for_nothing_yet(city: Session) -> None:
    second.begin(city, HANDLER, vault=VAULT)
    app = pyotp.TOTP(VAULT.open(city.get_one(Account, HANDLER).totp_secret))
    assert shown(city, app.at(NOW)) == ""


def test_a_wrong_first_code_takes_nothing_into_use(city: Session) -> None:
    second.begin(city, HANDLER, vault=VAULT)
    assert second.confirm(city, HANDLER, "000000", vault=VAULT, now=NOW) is None
    assert city.get_one(Account, HANDLER).totp_at is None


@pytest.mark.parametrize(("steps", "how"), [(-2, ""), (-1, "app"), (0, "app"), (1, "app"), (2, "")])
def test_codes_of_about_now_count(city: Session, steps: int, how: str) -> None:
    app, _ = give_app(city, HANDLER)
    later = NOW + 10 * STEP
    assert shown(city, app.at(later + steps * STEP), now=later) == how


def test_a_code_counts_once(city: Session) -> None:
    app, _ = give_app(city, HANDLER)
    later = NOW + STEP
    assert [shown(city, app.at(later), now=later) for _ in range(2)] == ["app", ""]


def test_an_earlier_code_counts_no_more_after_a_later_one(city: Session) -> None:
    app, _ = give_app(city, HANDLER)
    later = NOW + 4 * STEP
    assert shown(city, app.at(later + STEP), now=later) == "app"
    assert shown(city, app.at(later), now=later) == ""


def test_the_code_that_set_it_up_does_not_count_again(city: Session) -> None:
    app, _ = give_app(city, HANDLER)
    assert shown(city, app.at(NOW)) == ""


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "-00001", "\x00"])
def test_nonsense_is_no_code(city: Session, code: str) -> None:
    give_app(city, HANDLER)
    assert shown(city, code, now=NOW + STEP) == ""


def test_a_recovery_code_counts_once_however_it_is_typed(city: Session) -> None:
    _, codes = give_app(city, HANDLER)
    typed = codes[0].lower().replace("-", " ")
    assert [shown(city, typed) for _ in range(2)] == ["recovery", ""]
    assert second.recovery_left(city, HANDLER) == second.RECOVERY_CODES - 1


def test_secrets_are_not_kept_in_the_clear(city: Session) -> None:
    app, codes = give_app(city, HANDLER)
    kept = str([row.model_dump() for kind in (Account, RecoveryCode) for row in city.exec(select(kind))])
    assert app.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_after_a_change_of_keys_the_app_still_counts_and_is_locked_anew(city: Session) -> None:
    app, _ = give_app(city, HANDLER)
    both, newest = Vault(["n" * 43, "k" * 43]), Vault(["n" * 43])
    assert second.check(city, HANDLER, app.at(NOW + STEP), vault=both, now=NOW + STEP) == "app"
    assert second.check(city, HANDLER, app.at(NOW + 2 * STEP), vault=newest, now=NOW + 2 * STEP) == "app"


def test_without_its_key_nobody_gets_in_but_by_a_recovery_code(city: Session) -> None:
    app, codes = give_app(city, HANDLER)
    lost = Vault(["x" * 43])
    assert second.check(city, HANDLER, app.at(NOW + STEP), vault=lost, now=NOW + STEP) == ""
    assert second.check(city, HANDLER, codes[0], vault=lost, now=NOW + STEP) == "recovery"


def test_what_is_removed_is_asked_for_no_more(city: Session) -> None:
    app, codes = give_app(city, HANDLER)
    assert second.remove(city, HANDLER)
    assert shown(city, app.at(NOW + STEP), now=NOW + STEP) == ""
    assert shown(city, codes[0]) == ""
    assert not second.remove(city, HANDLER)
