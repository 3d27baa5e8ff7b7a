"""SMS through Aliyun (SendSms, version 2017-05-25).

aliyunsms://KEYID:SECRET@SIGN/13800000000?template.default=SMS_1&template.overdue=SMS_2

KEYID and SECRET are an access key, SIGN is the approved signature without 【】; percent signs where a URL wants them.
Templates have the variables ${count} and ${date}, or ${code} (sms_text.py). Sources: help.aliyun.com, "SendSms",
"V3 request structure and signature".
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from models.message import Outcome
from notifications.channels.base import Letter, Sent
from notifications.channels.codes import HOUR, MINUTE
from notifications.channels.http import Answer
from notifications.channels.sms import TemplateSms
from notifications.channels.sms_aliyun_codes import CODES, TOO_OFTEN

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2017-05-25"
LONGEST_ID = 256
"""Characters of OutId, which comes back in receipts."""
HOW_OFTEN: Mapping[str, timedelta] = {"分钟级": MINUTE, "小时级": HOUR}
OF_THE_DAY = "天级"
"""Which of the limits for one number was met stands only in the words: 触发小时级流控Permits:5."""


class AliyunSms(TemplateSms):
    """One letter is one SMS to one number."""

    service_name = "Aliyun SMS"
    secure_protocol = "aliyunsms"
    templates = ("{schema}://{user}:{password}@{host}",)
    home = "https://dysmsapi.aliyuncs.com"
    codes = CODES

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not (self.to.user and self.to.password and self.to.host):
            raise TypeError("expected aliyunsms://KEYID:SECRET@SIGN/…")

    @property
    def phone(self) -> str:
        """The first part of the path, or `to=`."""
        return self.to.path[0] if self.to.path else super().phone

    def deliver_template(self, number: str, letter: Letter, *, code: str, values: Mapping[str, str]) -> Sent:
        """One call of SendSms."""
        query = {
            "PhoneNumbers": number,
            "SignName": self.to.host,
            "TemplateCode": code,
            "TemplateParam": json.dumps(values, ensure_ascii=False),
            "OutId": letter.key[-LONGEST_ID:],
        }
        headers = sign(
            {
                "host": urlsplit(self.endpoint).netloc,
                "x-acs-action": "SendSms",
                "x-acs-version": VERSION,
                "x-acs-date": f"{letter.at:%Y-%m-%dT%H:%M:%SZ}",
                "x-acs-signature-nonce": uuid4().hex,
            },
            query=canonical(query),
            key_id=self.to.user,
            secret=self.to.password,
        )
        return self.post(f"{self.endpoint}/?{canonical(query)}", headers=headers)

    def read(self, document: Any) -> tuple[str, str]:
        """`Code` and `Message`, on good and bad answers."""
        if not isinstance(document, dict):
            return "", ""
        return str(document.get("Code") or ""), str(document.get("Message") or "")

    def judge(self, answer: Answer) -> Sent:
        """As every provider of SMS; of the limits for one number, the words say how long to wait."""
        sent = super().judge(answer)
        if sent.code != TOO_OFTEN:
            return sent
        _, said = self.read(answer.document)
        if OF_THE_DAY in said:
            return replace(sent, outcome=Outcome.PERMANENT, retry_after=None)
        waits = [wait for word, wait in HOW_OFTEN.items() if word in said]
        return replace(sent, retry_after=waits[0]) if waits else sent


def canonical(query: Mapping[str, str]) -> str:
    """The query in the order and with the percent signs that are signed."""
    return "&".join(f"{_escaped(name)}={_escaped(query[name])}" for name in sorted(query))


def sign(headers: Mapping[str, str], *, query: str, key_id: str, secret: str, body: bytes = b"") -> dict[str, str]:
    """The headers of a POST to /, with the authorization that they need."""
    digest = sha256(body).hexdigest()
    signed = {**headers, "x-acs-content-sha256": digest}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    request = "\n".join(("POST", "/", query, lines, names, digest))
    to_sign = f"{ALGORITHM}\n{sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), sha256).hexdigest()
    return {**signed, "Authorization": f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"}


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
