"""Tencent Cloud's SMS: the signature of the documented example, the request, what each documented answer comes to."""

import hmac
import json
import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import apprise
import pytest

from models.message import Outcome
from notifications.channels import plugin
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.base import Fault, SmsText
from notifications.channels.sms_gateway import SmsGateway
from notifications.channels.sms_tencent import TencentSms, authorization
from notifications.channels.sms_tencent_codes import CODES
from tests.notifications.channels.noting import MISBEHAVIOUR, begin_anew, hasty, noting_sink
from tests.notifications.channels.sinks import LETTER, certificate

PHONE = "19900000001"
DUE = replace(LETTER, sms=SmsText("due", ("3", "11月2日")))
# Source: cloud.tencent.com, "SMS error codes"; common ones first.
NAMED = """
Ok ActionOffline AuthFailure.InvalidAuthorization AuthFailure.InvalidSecretId AuthFailure.MFAFailure
AuthFailure.SecretIdNotFound AuthFailure.SignatureExpire AuthFailure.SignatureFailure AuthFailure.TokenFailure
AuthFailure.UnauthorizedOperation DryRunOperation FailedOperation InternalError InvalidAction InvalidParameter
InvalidParameterValue InvalidRequest IpInBlacklist IpNotInWhitelist LimitExceeded MissingParameter NoSuchProduct
NoSuchVersion RequestLimitExceeded RequestLimitExceeded.GlobalRegionUinLimitExceeded
RequestLimitExceeded.IPLimitExceeded RequestLimitExceeded.UinLimitExceeded ResourceInUse ResourceInsufficient
ResourceNotFound ResourceUnavailable ServiceUnavailable UnauthorizedOperation UnknownParameter UnsupportedOperation
UnsupportedProtocol UnsupportedRegion
FailedOperation.ContainSensitiveWord FailedOperation.FailResolvePacket FailedOperation.ForbidAddMarketingTemplates
FailedOperation.InsufficientBalanceInSmsPackage FailedOperation.JsonParseFail
FailedOperation.MarketingSendTimeConstraint FailedOperation.MissingSignature FailedOperation.MissingSignatureList
FailedOperation.MissingSignatureToModify FailedOperation.MissingTemplateList FailedOperation.MissingTemplateToModify
FailedOperation.NotEnterpriseCertification FailedOperation.OtherError FailedOperation.ParametersOtherError
FailedOperation.PhoneNumberInBlacklist FailedOperation.PhoneNumberOnBlacklist FailedOperation.SignNumberLimit
FailedOperation.SignatureIncorrectOrUnapproved FailedOperation.TemplateAlreadyPassedCheck
FailedOperation.TemplateIncorrectOrUnapproved FailedOperation.TemplateNumberLimit
FailedOperation.TemplateUnapprovedOrNotExist FailedOperation.TemplateParamSetNotMatchApprovedTemplate
InternalError.JsonParseFail InternalError.OtherError InternalError.RequestTimeException
InternalError.RestApiInterfaceNotExist InternalError.SendAndRecvFail InternalError.SigFieldMissing
InternalError.SigVerificationFail InternalError.Timeout InternalError.UnknownError
InvalidParameter.AppidAndBizId InvalidParameter.DirtyWordFound InvalidParameter.InvalidParameters
InvalidParameterValue.BeginTimeVerifyFail InvalidParameterValue.ContentLengthLimit
InvalidParameterValue.EndTimeVerifyFail InvalidParameterValue.ImageInvalid InvalidParameterValue.IncorrectPhoneNumber
InvalidParameterValue.InvalidDocumentType InvalidParameterValue.InvalidInternational
InvalidParameterValue.InvalidSignPurpose InvalidParameterValue.InvalidStartTime
InvalidParameterValue.InvalidTemplateFormat InvalidParameterValue.InvalidUsedMethod
InvalidParameterValue.LimitVerifyFail InvalidParameterValue.OffsetVerifyFail
InvalidParameterValue.ProhibitedUseUrlInTemplateParameter InvalidParameterValue.SdkAppIdNotExist
InvalidParameterValue.SignAlreadyPassedCheck InvalidParameterValue.SignExistAndUnapproved
InvalidParameterValue.TemplateParameterFormatError InvalidParameterValue.TemplateParameterLengthLimit
InvalidParameterValue.TemplateWithDirtyWords
LimitExceeded.AppDailyLimit LimitExceeded.AppMainlandChinaDailyLimit LimitExceeded.AppGlobalDailyLimit
LimitExceeded.DailyLimit LimitExceeded.DeliveryFrequencyLimit LimitExceeded.PhoneNumberCountLimit
LimitExceeded.PhoneNumberDailyLimit LimitExceeded.PhoneNumberOneHourLimit
LimitExceeded.PhoneNumberSameContentDailyLimit LimitExceeded.PhoneNumberThirtySecondLimit
MissingParameter.EmptyPhoneNumberSet
UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny UnauthorizedOperation.RequestIpNotInWhitelist
UnauthorizedOperation.RequestPermissionDeny UnauthorizedOperation.SdkAppIdIsDisabled
UnauthorizedOperation.SerivceSuspendDueToArrears UnauthorizedOperation.ServiceSuspendDueToArrears
UnauthorizedOperation.SmsSdkAppIdVerifyFail UnsupportedOperation.
UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber UnsupportedOperation.UnsuportedRegion
UnsupportedOperation.UnsupportedRegion UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone
UnsupportedOperation.GlobalTemplateToChineseMainlandPhone
"""
DOCUMENTED = NAMED.split()


@pytest.fixture(scope="module")
def one_sink():
    with noting_sink() as sink:
        yield sink


@pytest.fixture
def sink(one_sink):
    one_sink.answer = answer("Ok")
    return begin_anew(one_sink)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(plugin, "shared_http", hasty)


def answer(code: str, said: str = "words") -> tuple[int, dict[str, str], str]:
    """About the one number."""
    one = {"SerialNo": "1", "PhoneNumber": f"+86{PHONE}", "Fee": 1, "Code": code, "Message": said, "IsoCode": "CN"}
    return 200, {}, json.dumps({"Response": {"SendStatusSet": [one], "RequestId": "R-1"}})


def error(code: str, said: str = "words") -> tuple[int, dict[str, str], str]:
    """About the whole call."""
    return 200, {}, json.dumps({"Response": {"Error": {"Code": code, "Message": said}, "RequestId": "R-1"}})


def url(sink, phone: str = "") -> str:
    name = "%E5%88%9B%E5%BB%BA%E5%8A%9E"  # 创建办
    return f"tencentsms://AKIDkey00:VerySecret@1400006666/{name}/{phone}?template.default=1110&endpoint={sink.http}"


def send(sink, letter=DUE, to: str = PHONE):
    return SmsGateway(url(sink)).send(to, letter=letter)


def test_the_documented_example_is_signed_as_documented():
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    signed = authorization(
        body,
        host="cvm.tencentcloudapi.com",
        service="cvm",
        secret_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        secret="Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        at=datetime.fromtimestamp(1551113065, UTC),
    )
    assert signed == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_a_phone_number_gets_the_template_and_its_values(sink):
    assert send(sink).outcome == Outcome.SENT
    got = sink.requests[0]
    assert json.loads(got.body) == {
        "PhoneNumberSet": [f"+86{PHONE}"],
        "SmsSdkAppId": "1400006666",
        "SignName": "创建办",
        "TemplateId": "1110",
        "TemplateParamSet": ["3", "11月2日"],
        "SessionContext": LETTER.key,
    }
    names = ("X-TC-Action", "X-TC-Version", "X-TC-Region", "X-TC-Timestamp", "Content-Type")
    assert [got.headers[name] for name in names] == [
        "SendSms", "2021-01-11", "ap-guangzhou", str(int(LETTER.at.timestamp())), "application/json; charset=utf-8",
    ]  # fmt: skip


def test_what_arrives_is_signed(sink):
    """The receiver's side, from what came over the line."""
    send(sink)
    got = sink.requests[0]
    whole = (
        f"POST\n/\n\ncontent-type:{got.headers['Content-Type']}\nhost:{got.headers['Host']}\n\ncontent-type;host\n"
        + sha256(got.body.encode()).hexdigest()
    )
    day = "2026-11-02"
    text = (
        f"TC3-HMAC-SHA256\n{got.headers['X-TC-Timestamp']}\n{day}/sms/tc3_request\n{sha256(whole.encode()).hexdigest()}"
    )
    key = b"TC3VerySecret"
    for part in (day, "sms", "tc3_request"):
        key = hmac.new(key, part.encode(), sha256).digest()
    assert got.headers["Authorization"].endswith(f"Signature={hmac.new(key, text.encode(), sha256).hexdigest()}")


def test_no_value_is_longer_than_the_provider_takes(sink):
    send(sink, replace(LETTER, sms=SmsText("due", ("9999", "12月31日"))))
    send(sink, replace(LETTER, sms=SmsText("news", ("9999",))))
    assert all(0 < len(one) <= 6 for got in sink.got for one in json.loads(got)["TemplateParamSet"])


def test_nothing_of_the_problem_is_sent(sink):
    send(sink)
    assert not any(word in sink.got[0] for word in ("垃圾", "ZG-2026", "http"))


def test_a_url_with_the_number_in_it_works_wherever_apprise_takes_one(sink):
    AppriseUrl()
    service = apprise.Apprise()
    assert service.add(url(sink, phone="+85290000001"))
    assert service.notify("高山井社区大道：垃圾桶满溢")
    assert json.loads(sink.got[0])["PhoneNumberSet"] == ["+85290000001"]
    assert json.loads(sink.got[0])["TemplateParamSet"] == ["1", "近期"]


@pytest.mark.parametrize("where", [answer, error])
@pytest.mark.parametrize("code", sorted({*DOCUMENTED, *(line.code for line in CODES)} - {"Ok"}))
def test_every_code_ends_in_the_state_that_the_table_names(sink, code, where):
    sink.answer = where(code)
    sent, line = send(sink), CODES.get(code)
    assert (sent.outcome, sent.fault, sent.code, sent.retry_after) == (line.outcome, line.fault, code, line.wait)
    assert sent.detail
    assert sent.outcome != Outcome.SENT


def test_no_documented_code_is_missing():
    assert [code for code in DOCUMENTED if code not in CODES] == []
    assert max(Counter(DOCUMENTED).values()) == 1


@pytest.mark.parametrize(
    ("code", "outcome", "fault", "wait"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", Outcome.PERMANENT, Fault.ADDRESS, None),
        ("FailedOperation.PhoneNumberInBlacklist", Outcome.PERMANENT, Fault.ADDRESS, None),
        ("LimitExceeded.PhoneNumberDailyLimit", Outcome.PERMANENT, None, None),
        ("FailedOperation.InsufficientBalanceInSmsPackage", Outcome.PERMANENT, Fault.OURS, None),
        ("FailedOperation.TemplateIncorrectOrUnapproved", Outcome.PERMANENT, Fault.OURS, None),
        ("AuthFailure.SignatureFailure", Outcome.PERMANENT, Fault.OURS, None),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Outcome.REFUSED, None, timedelta(seconds=30)),
        ("LimitExceeded.PhoneNumberOneHourLimit", Outcome.REFUSED, None, timedelta(hours=1)),
        ("RequestLimitExceeded", Outcome.REFUSED, None, timedelta(minutes=1)),
        ("InternalError.Timeout", Outcome.UNKNOWN, None, None),
        ("InternalError.SendAndRecvFail", Outcome.UNKNOWN, None, None),
        ("InternalError.SomethingNew", Outcome.UNKNOWN, None, None),
        ("LimitExceeded.SomethingNew", Outcome.REFUSED, None, timedelta(minutes=1)),
        ("SomethingNew", Outcome.REFUSED, None, None),
    ],
)
def test_what_some_answers_mean(sink, code, outcome, fault, wait):
    sink.answer = answer(code)
    sent = send(sink)
    assert (sent.outcome, sent.fault, sent.retry_after, sent.code) == (outcome, fault, wait, code)


def test_too_many_requests_name_their_time(sink):
    sink.answer = (429, {"Retry-After": "7"}, "")
    assert (send(sink).outcome, send(sink).retry_after) == (Outcome.REFUSED, timedelta(seconds=7))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(500, Outcome.REFUSED), (502, Outcome.UNKNOWN), (503, Outcome.REFUSED), (504, Outcome.UNKNOWN)],
)
def test_a_bad_status(sink, status, outcome):
    sink.answer = (status, {}, "<html>")
    assert send(sink).outcome == outcome


@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        "[]",
        "{}",
        '{"Response": []}',
        '{"Response": {"SendStatusSet": []}}',
        '{"Response": {"RequestId": "1"}}',
    ],
)
def test_a_page_that_is_no_answer_of_the_provider_is_doubt(sink, body):
    sink.answer = (200, {}, body)
    assert send(sink).outcome == Outcome.UNKNOWN


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOUR)
def test_silence_after_the_request_is_doubt_and_nothing_is_repeated(sink, misbehaviour):
    sink.answer = misbehaviour
    assert (send(sink).outcome, len(sink.got)) == (Outcome.UNKNOWN, 1)


def test_a_certificate_that_nobody_trusts_is_a_refusal(tmp_path):
    with noting_sink(certificate(tmp_path)[0]) as sink:
        assert (send(sink).outcome, send(sink).code, sink.got) == (Outcome.REFUSED, "connect", [])


@pytest.mark.parametrize(
    "bad",
    [
        "tencentsms://ID@1400006666/SIGN?template.default=1",
        "tencentsms://ID:s3cr3t@app/SIGN?template.default=1",
        "tencentsms://ID:s3cr3t@1400006666?template.default=1",
        "tencentsms://ID:s3cr3t@1400006666/SIGN",
    ],
)
def test_a_gateway_that_cannot_be_used_is_refused_without_showing_its_secret(bad):
    with pytest.raises(ValueError, match=r"expected|template") as refused:
        SmsGateway(bad)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("made", ["Ok", "FailedOperation.PhoneNumberInBlacklist", "SomethingNew", "drop"])
def test_neither_number_nor_key_is_logged_or_said(sink, caplog, made):
    caplog.set_level(logging.DEBUG)
    sink.answer = made if made == "drop" else answer(made, f"{PHONE} and +86{PHONE}, AKIDkey00, VerySecret")
    sent = send(sink)
    for secret in (PHONE, "AKIDkey00", "VerySecret"):
        assert secret not in caplog.text + sent.detail + sent.code


def test_the_url_with_privacy_shows_nothing(sink):
    assert TencentSms(whole=url(sink, phone=PHONE)).url(privacy=True) == "tencentsms://***/"
