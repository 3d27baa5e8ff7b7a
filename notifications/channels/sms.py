"""SMS: what its providers share.

A provider is an Apprise plugin. As a contact of its own its URL holds one phone number: in its path, or as `to=`.
As the installation's gateway (sms_gateway.py) it holds none. Numbers are blotted out in all that is said about a try.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.message import Outcome
from notifications.channels.base import Fault, Letter, Sent
from notifications.channels.http import Answer
from notifications.channels.plugin import Plugin
from notifications.channels.sms_text import VARIABLES, chosen, masked, phone_of

LONGEST_CODE = 80
TEMPLATE = "template."
NO_PHONE = Sent(Outcome.PERMANENT, "address", "号码格式错误 / not a phone number", fault=Fault.ADDRESS)
NO_TEMPLATE = Sent(
    Outcome.PERMANENT,
    "template",
    "网关地址中缺少此类短信模板 / the gateway's URL names no such template",
    fault=Fault.OURS,
)


class SmsPlugin(Plugin):
    """The base of SMS providers: they implement `deliver_to`, and may tell the phone number in their URL."""

    service_name = "Duban SMS"

    def deliver(self, letter: Letter) -> Sent:
        """To the phone number in the URL."""
        return self.deliver_to(self.phone, letter)

    @property
    def phone(self) -> str:
        """The phone number in the URL; empty where there is none."""
        return self.to.arguments.get("to", "")

    def deliver_to(self, phone: str, letter: Letter) -> Sent:
        """Send the neutral text of the letter to a phone number as somebody wrote it."""
        raise NotImplementedError

    def judge(self, answer: Answer) -> Sent:
        """As every plugin; and a code that the table does not know counts as its family, where the table knows that."""
        code, _ = self.read(answer.document)
        family = code.split(".", 1)[0]
        if code not in self.codes and family in self.codes:
            return replace(self.codes.judge(family), code=code[:LONGEST_CODE])
        sent = super().judge(answer)
        return replace(sent, detail=masked(sent.detail))


class TemplateSms(SmsPlugin):
    """A provider that sends approved templates: `template.due=CODE&template.default=CODE…` (sms_text.py)."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.template_codes = _templates(self.to.arguments)

    def deliver_to(self, phone: str, letter: Letter) -> Sent:
        """Fill in the template that the letter wants, and send it."""
        number = phone_of(phone)
        if number is None:
            return NO_PHONE
        text = chosen(letter.sms, templates=self.template_codes)
        if text is None:
            return NO_TEMPLATE
        return self.deliver_template(number, letter, code=text[0], values=text[1])

    def deliver_template(self, number: str, letter: Letter, *, code: str, values: Mapping[str, str]) -> Sent:
        """Send the template with this code and these values, by name and in order, to a number without signs."""
        raise NotImplementedError


def _templates(arguments: Mapping[str, str]) -> dict[str, str]:
    """Raises TypeError, as Apprise wants it, for a name that is no template of ours."""
    found = {name[len(TEMPLATE) :]: code for name, code in arguments.items() if name.startswith(TEMPLATE) and code}
    if unknown := found.keys() - VARIABLES.keys():
        raise TypeError(f"templates {', '.join(VARIABLES)}, not {', '.join(sorted(unknown))}")
    if not found:
        raise TypeError("template.default=CODE")
    return found
