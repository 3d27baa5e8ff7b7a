"""`duban contact`: a phone is proved by a code, tried in the chosen order, left alone in quiet hours."""

import re

import pytest

from cli import posting
from cli.errors import FROM_SERVICES
from models.message import Outcome
from notifications.channels import Sent
from services.code_pace import DoorIsBusy, TooManyCodes
from services.contact_codes import NoCodeWaits, NoDoor, WrongCode
from tests.cli.conftest import HANDLER, OFFICE, Run
from tests.notifications.desk import Memory, doors

PHONE, ADMINISTRATOR = "19912345678", "R00005"


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    memory = Memory()

    class Doors:
        def __enter__(self):
            return doors(memory)

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(posting, "doors", lambda _: Doors())
    return memory


def contacts(run: Run, *words: str, by: str = HANDLER) -> list[dict]:
    return run("contact", "list", *words, "--as", by, "--json").json


def the_code(memory: Memory) -> str:
    return re.findall(r"\d{6}", memory.letters[-1][1].body)[0]


@pytest.fixture
def phone(run: Run, memory: Memory) -> str:
    """The number of a phone contact of the handler that waits for its code."""
    assert run("contact", "add", "sms", PHONE, "--as", HANDLER).code == 0
    return str(contacts(run)[-1]["id"])


def test_a_phone_is_added_and_confirmed(run: Run, memory: Memory, phone: str) -> None:
    assert contacts(run)[-1]["standing"] == "not_confirmed"

    assert run("contact", "confirm", phone, the_code(memory), "--as", HANDLER).code == 0
    assert [(one["standing"], one["proof"]) for one in contacts(run)] == [("used", "pack"), ("used", "code")]


def test_the_list_says_who_vouches_and_hides_the_address(run: Run, phone: str) -> None:
    shown = run("contact", "list", "--as", HANDLER)

    assert "vouched for by the administrator (city pack)" in shown.out
    assert "199****5678" in shown.out
    assert PHONE not in shown.out
    assert "管理员担保" in run("contact", "list", "--as", HANDLER, lang="zh-CN").out


def test_neither_the_code_nor_the_address_is_printed(run: Run, memory: Memory) -> None:
    ended = run("contact", "add", "sms", PHONE, "--as", HANDLER)

    assert the_code(memory) not in ended.out + ended.err
    assert PHONE not in ended.out + ended.err


def test_a_wrong_code_ends_with_3_and_counts(run: Run, memory: Memory, phone: str) -> None:
    wrong = f"{(int(the_code(memory)) + 1) % 1_000_000:06}"
    assert [run("contact", "confirm", phone, wrong, "--as", HANDLER).code for _ in range(5)] == [3] * 5

    ended = run("contact", "confirm", phone, the_code(memory), "--as", HANDLER)
    assert (ended.code, "No code waits" in ended.err) == (3, True)


def test_a_sending_that_failed_is_told(run: Run, memory: Memory) -> None:
    memory.answer(PHONE, Sent(Outcome.REFUSED, "isv.LIMIT", "超过限额 / over the limit"))
    refused = run("contact", "add", "sms", PHONE, "--as", HANDLER)

    assert refused.code == 1
    assert "did not reach 199****5678: over the limit." in refused.out


def test_a_code_that_may_have_arrived_can_still_be_typed(run: Run, memory: Memory) -> None:
    memory.answer(PHONE, Sent(Outcome.UNKNOWN, "lost"))
    unknown = run("contact", "add", "sms", PHONE, "--as", HANDLER)

    assert unknown.code == 1
    assert "it may have arrived" in unknown.out
    assert run("contact", "confirm", str(contacts(run)[-1]["id"]), the_code(memory), "--as", HANDLER).code == 0


def test_a_url_that_cannot_be_used_is_refused_with_what_is_wrong(run: Run, memory: Memory) -> None:
    refused = run("contact", "add", "chat", "wecombot://KEY?form=poem", "--as", HANDLER)

    assert refused.code == 2
    assert "form= one of text, markdown, card, news" in refused.err
    assert len(contacts(run)) == 1
    assert memory.letters == []


def test_a_contact_is_removed_and_comes_back_with_a_new_code(run: Run, memory: Memory) -> None:
    first = str(contacts(run)[0]["id"])
    ended = run("contact", "remove", first, "--as", HANDLER)
    assert "No contact is left" in ended.err
    assert contacts(run)[0]["off_why"] == "removed"

    run("contact", "code", first, "--as", HANDLER)
    assert run("contact", "confirm", first, the_code(memory), "--as", HANDLER).code == 0
    assert contacts(run)[0]["standing"] == "used"


def test_the_chosen_order_is_the_order_of_the_list(run: Run, phone: str) -> None:
    assert run("contact", "order", phone, "--as", HANDLER).code == 0

    assert [one["channel"] for one in contacts(run)] == ["sms", "mail"]
    assert run("contact", "order", phone, phone, "--as", HANDLER).code == 2


def test_quiet_hours_are_set_and_ended(run: Run) -> None:
    assert run("contact", "quiet", "21:30", "07:00", "--as", HANDLER).code == 0
    assert contacts(run)[0]["quiet_from"] == "21:30:00"
    assert run("contact", "quiet", "--off", "--as", HANDLER).code == 0
    assert contacts(run)[0]["quiet_from"] is None


@pytest.mark.parametrize(
    "hours", [("06:00", "19:00"), ("08:00", "08:00"), ("8", "late"), ("21:30", ""), ("25:00", "1")]
)
def test_hours_that_cannot_be_meant_end_with_2(run: Run, hours: tuple[str, str]) -> None:
    assert run("contact", "quiet", *hours, "--as", HANDLER).code == 2


def test_the_language_is_chosen(run: Run) -> None:
    assert run("contact", "language", "en", "--as", HANDLER).code == 0
    assert run("contact", "language", "fr", "--as", HANDLER).code == 2


def test_the_administrator_acts_for_somebody_and_others_do_not(run: Run) -> None:
    assert contacts(run, "--person", HANDLER, by=ADMINISTRATOR)[0]["channel"] == "mail"
    assert run("contact", "list", "--person", HANDLER, "--as", OFFICE).code == 3
    assert run("contact", "list", "--person", "R77777", "--as", ADMINISTRATOR).code == 4
    first = str(contacts(run)[0]["id"])
    assert run("contact", "remove", first, "--as", OFFICE).code == 4


def test_an_address_that_is_none_ends_with_2(run: Run, memory: Memory) -> None:
    assert run("contact", "add", "sms", "hello", "--as", HANDLER).code == 2
    assert run("contact", "add", "pigeon", PHONE, "--as", HANDLER).code == 2


def test_without_a_gateway_it_says_so(run: Run) -> None:
    assert "no gateway" in run("contact", "add", "sms", PHONE, "--as", HANDLER).err


def test_who_lost_every_contact_is_listed(run: Run) -> None:
    assert run("contact", "missing", "--json").json == []
    run("contact", "remove", str(contacts(run)[0]["id"]), "--as", HANDLER)

    (missing,) = run("contact", "missing", "--json").json
    assert (missing["person"], missing["posts"]) == (HANDLER, "D-CGJ:handler")


def test_what_is_refused_can_be_said_in_both_languages() -> None:
    assert {one.template for one in (NoCodeWaits, NoDoor, TooManyCodes, DoorIsBusy, WrongCode)} <= set(FROM_SERVICES)
