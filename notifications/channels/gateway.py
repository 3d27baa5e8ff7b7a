"""SMS through any gateway that speaks HTTP. What it is sent, and what counts as a yes, stands in the URL.

smsgates://user:password@host:port/path?json={"mobile":"{phone}","content":"{text}"}&field=code&ok=0

`smsgates` is https, `smsgate` http. Arguments, with percent signs where a URL wants them:

json= or form= or query=   what is sent: a JSON document, a form, or the query (then with GET, unless method=POST)
header.NAME=               a header
encoding=gbk               of a form or a query; UTF-8 without it
field=, ok=                the field of the JSON answer (`data.code` lies deeper) that must hold one of these values,
                           divided by commas; with `ok=` alone, the first word of the answer
number=, ours=             values that say: no such number; our account or template is at fault
to=                        the phone number, where the URL is a contact of its own

{phone} {text} {key} {time} (seconds since 1970) {template} {1} {2} (sms_text.py) {user} {password} may stand in every
value that is sent, and are put in after it was taken apart: nothing in a text can change its form. A user that no value
names signs in with Basic authentication.

How the answer is judged: no answer, 429 and 5xx as everywhere (http.py); any other status than 2xx is our fault; then
`field=` and `ok=`. An answer without that field is doubt, an unlisted value a refusal.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from models.message import Outcome
from notifications.channels.base import Fault, Letter, Sent
from notifications.channels.http import Answer, NoAnswer, judge_body, judge_status
from notifications.channels.sms import LONGEST_CODE, NO_PHONE, SmsPlugin
from notifications.channels.sms_text import masked, phone_of

PLACE = re.compile(r"\{(\w+)\}")
PLACES = frozenset({"phone", "text", "key", "time", "template", "1", "2", "user", "password"})
NOT_IN_HEADERS = frozenset({"text", "1", "2"})
"""They may hold what no header may."""
HEADER = "header."
PLAIN = '{"phone": "{phone}", "text": "{text}", "key": "{key}"}'


class HttpGateway(SmsPlugin):
    """One letter is one request."""

    service_name = "SMS over HTTP"
    secure_protocol = ("smsgates", "smsgate")
    templates = ("{schema}://{host}", "{schema}://{user}:{password}@{host}")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        arguments = self.to.arguments
        if not self.to.host:
            raise TypeError("expected smsgates://host/path?…")
        ways = [name for name in ("json", "form", "query") if name in arguments] or ["json"]
        if len(ways) > 1:
            raise TypeError("only one of json=, form= and query=")
        self._way = ways[0]
        self._what = _taken_apart(self._way, arguments.get(self._way, PLAIN))
        self._headers = {name[len(HEADER) :]: text for name, text in arguments.items() if name.startswith(HEADER)}
        named = _places((self._what, list(self._headers.values())))
        if unknown := named - PLACES or _places(list(self._headers.values())) & NOT_IN_HEADERS:
            raise TypeError(f"places such as {{phone}} and {{text}}, not {', '.join(sorted(unknown))}")
        self._signs_in = bool(self.to.user) and not named & {"user", "password"}
        self._encoding = _encoding(arguments.get("encoding", "utf-8"))
        self._method = arguments.get("method", "GET" if self._way == "query" else "POST").upper()

    def deliver_to(self, phone: str, letter: Letter) -> Sent:
        """One request."""
        number = phone_of(phone)
        if number is None:
            return NO_PHONE
        values = self._values(number, letter)
        body, query = self._filled(values)
        headers = {name: _fill(text, values) for name, text in self._headers.items()} | self._own_headers()
        try:
            answer = self.http.ask(self._method, self._url(query), body=body, headers=headers)
        except NoAnswer as error:
            return error.sent
        return self.judge(answer)

    def judge(self, answer: Answer) -> Sent:
        """See at the top."""
        by_status = judge_status(answer)
        if by_status:
            return replace(by_status, fault=Fault.OURS) if by_status.outcome == Outcome.PERMANENT else by_status
        if not self.to.list_of("ok"):
            sent = judge_body(answer, address=self.hidden)
            return replace(sent, detail=masked(sent.detail))
        return self._by_value(_value(answer, self.to.arguments.get("field", "")))

    def _by_value(self, value: str | None) -> Sent:
        if not value:
            return Sent(Outcome.UNKNOWN, code="answer", detail="回答中没有约定的字段 / the answer has no such field")
        code = masked(value)[:LONGEST_CODE]
        if value in self.to.list_of("ok"):
            return Sent(Outcome.SENT, code)
        if value in self.to.list_of("number"):
            return Sent(Outcome.PERMANENT, code, "号码不可用 / the number cannot be used", fault=Fault.ADDRESS)
        if value in self.to.list_of("ours"):
            return Sent(Outcome.PERMANENT, code, "账户或模板有误 / the account or template is wrong", fault=Fault.OURS)
        return Sent(Outcome.REFUSED, code, "网关拒绝 / the gateway said no")

    def _values(self, number: str, letter: Letter) -> dict[str, str]:
        text = letter.sms
        first, second, *_ = (*(text.values if text else ()), "", "")
        return {
            "phone": number,
            "text": letter.body,
            "key": letter.key,
            "time": str(int(letter.at.timestamp())),
            "template": text.template if text else "",
            "1": first,
            "2": second,
            "user": self.to.user,
            "password": self.to.password,
        }

    def _filled(self, values: Mapping[str, str]) -> tuple[bytes, str]:
        """The body and the query."""
        filled = _fill(self._what, values)
        if self._way == "json":
            return json.dumps(filled, ensure_ascii=False).encode(), ""
        pairs = urlencode(filled, encoding=self._encoding, errors="replace")
        return (pairs.encode(), "") if self._way == "form" else (b"", pairs)

    def _own_headers(self) -> dict[str, str]:
        headers = {}
        if self._way == "json":
            headers["Content-Type"] = "application/json; charset=utf-8"
        elif self._way == "form":
            headers["Content-Type"] = f"application/x-www-form-urlencoded; charset={self._encoding}"
        if self._signs_in:
            pair = f"{self.to.user}:{self.to.password}".encode()
            headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
        return headers

    def _url(self, query: str) -> str:
        scheme = "https" if self.to.scheme == "smsgates" else "http"
        port = f":{self.to.port}" if self.to.port else ""
        whole_path = self.whole.split("://", 1)[1].split("?", 1)[0].partition("/")[2]
        return f"{scheme}://{self.to.host}{port}/{whole_path}" + (f"?{query}" if query else "")


def _taken_apart(way: str, template: str) -> Any:
    """Raises TypeError, as Apprise wants it."""
    if way != "json":
        return parse_qsl(template, keep_blank_values=True)
    try:
        return json.loads(template)
    except ValueError:
        raise TypeError("json= with a JSON document") from None


def _places(what: Any) -> set[str]:
    if isinstance(what, str):
        return set(PLACE.findall(what))
    parts = what.values() if isinstance(what, dict) else what if isinstance(what, list | tuple) else ()
    return {name for part in parts for name in _places(part)}


def _fill(what: Any, values: Mapping[str, str]) -> Any:
    """The same with its places filled; names of fields stay as they are."""
    if isinstance(what, str):
        return PLACE.sub(lambda place: values[place[1]], what)
    if isinstance(what, dict):
        return {name: _fill(part, values) for name, part in what.items()}
    if isinstance(what, list | tuple):
        return type(what)(_fill(part, values) for part in what)
    return what


def _value(answer: Answer, field: str) -> str | None:
    """What the answer holds in a field, as text; without a field, its first word."""
    if not field:
        words = re.split(r"[\s,:;|]", answer.body.decode("utf-8", "replace").strip(), maxsplit=1)
        return words[0]
    found = answer.document
    for name in field.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) or found is None else json.dumps(found, ensure_ascii=False)


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise TypeError("encoding= with a known encoding") from None
    return name
