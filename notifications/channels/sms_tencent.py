"""SMS through Tencent Cloud (SendSms, version 2021-01-11).

tencentsms://SECRETID:SECRET@SDKAPPID/SIGN/+8613800000000?template.default=1110&template.overdue=1111

SIGN is the approved signature without 【】; percent signs where a URL wants them. Templates have {1} count and {2} day,
or {1} code (sms_text.py). `region=` where it is not ap-guangzhou.

Sources: cloud.tencent.com, "SendSms", "Signature v3".
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from notifications.channels.base import Letter, Sent
from notifications.channels.sms import TemplateSms
from notifications.channels.sms_tencent_codes import CODES
from notifications.channels.sms_text import with_country

ALGORITHM = "TC3-HMAC-SHA256"
VERSION = "2021-01-11"
REGION = "ap-guangzhou"
CONTENT_TYPE = "application/json; charset=utf-8"
LONGEST_CONTEXT = 500
"""Characters of SessionContext, which comes back in receipts; fewer than 512 bytes."""


class TencentSms(TemplateSms):
    """One letter is one SMS to one number."""

    service_name = "Tencent Cloud SMS"
    secure_protocol = "tencentsms"
    templates = ("{schema}://{user}:{password}@{host}",)
    home = "https://sms.tencentcloudapi.com"
    codes = CODES

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not (self.to.user and self.to.password and self.to.host.isdecimal() and self.to.path):
            raise TypeError("expected tencentsms://SECRETID:SECRET@SDKAPPID/SIGN…")

    @property
    def phone(self) -> str:
        """What follows the signature, or `to=`."""
        return self.to.path[1] if len(self.to.path) > 1 else super().phone

    def deliver_template(self, number: str, letter: Letter, *, code: str, values: Mapping[str, str]) -> Sent:
        """One call of SendSms."""
        document = {
            "PhoneNumberSet": [with_country(number)],
            "SmsSdkAppId": self.to.host,
            "SignName": self.to.path[0],
            "TemplateId": code,
            "TemplateParamSet": list(values.values()),
            "SessionContext": letter.key.encode("ascii", "replace").decode()[-LONGEST_CONTEXT:],
        }
        body = json.dumps(document, ensure_ascii=False).encode()
        host = urlsplit(self.endpoint).netloc
        headers = {
            "Host": host,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": "SendSms",
            "X-TC-Version": VERSION,
            "X-TC-Region": self.to.arguments.get("region", REGION),
            "X-TC-Timestamp": str(int(letter.at.timestamp())),
            "Authorization": authorization(
                body, host=host, service="sms", secret_id=self.to.user, secret=self.to.password, at=letter.at
            ),
        }
        return self.post(f"{self.endpoint}/", body=body, headers=headers)

    def read(self, document: Any) -> tuple[str, str]:
        """The code of the one number, else that of the whole call."""
        response = document.get("Response") if isinstance(document, dict) else None
        if not isinstance(response, dict):
            return "", ""
        statuses = response.get("SendStatusSet")
        one = response.get("Error") or (statuses[0] if isinstance(statuses, list) and statuses else None)
        if not isinstance(one, dict):
            return "", ""
        return str(one.get("Code") or ""), str(one.get("Message") or "")


def authorization(body: bytes, *, host: str, service: str, secret_id: str, secret: str, at: datetime) -> str:
    """The Authorization header of a POST to / of a JSON document."""
    names = "content-type;host"
    lines = f"content-type:{CONTENT_TYPE}\nhost:{host}\n"
    request = "\n".join(("POST", "/", "", lines, names, sha256(body).hexdigest()))
    day = f"{at:%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    to_sign = "\n".join((ALGORITHM, str(int(at.timestamp())), scope, sha256(request.encode()).hexdigest()))
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), sha256).digest()
    signature = hmac.new(key, to_sign.encode(), sha256).hexdigest()
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}"
