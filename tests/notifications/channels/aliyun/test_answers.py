"""What each documented answer of Aliyun's SMS comes to, and what those do that it documents nowhere."""

from collections import Counter
from datetime import timedelta

import pytest

from models.message import Outcome
from notifications.channels.base import Fault
from notifications.channels.sms_aliyun_codes import CODES
from tests.notifications.channels.aliyun.conftest import answer, send
from tests.notifications.channels.noting import MISBEHAVIOUR, noting_sink
from tests.notifications.channels.sinks import certificate

# Source: help.aliyun.com, "Domestic SMS API error codes", those that SendSms answers with.
NAMED = """
OK isv.SMS_SIGNATURE_SCENE_ILLEGAL isv.EXTEND_CODE_ERROR isv.SIGN_STATE_ILLEGAL isv.DOMESTIC_NUMBER_NOT_SUPPORTED
isv.DENY_IP_RANGE isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL isv.SMS_CONTENT_ILLEGAL isv.SMS_SIGN_ILLEGAL
isp.RAM_PERMISSION_DENY isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS
isv.ACCOUNT_ABNORMAL isv.SMS_TEMPLATE_ILLEGAL isv.SMS_SIGNATURE_ILLEGAL isv.INVALID_PARAMETERS isp.SYSTEM_ERROR
isv.MOBILE_NUMBER_ILLEGAL isv.MOBILE_COUNT_OVER_LIMIT isv.TEMPLATE_MISSING_PARAMETERS isv.BUSINESS_LIMIT_CONTROL
isv.INVALID_JSON_PARAM isv.BLACK_KEY_CONTROL_LIMIT isv.PARAM_LENGTH_LIMIT isv.PARAM_NOT_SUPPORT_URL
isv.AMOUNT_NOT_ENOUGH isv.TEMPLATE_PARAMS_ILLEGAL SignatureDoesNotMatch InvalidTimeStamp.Expired SignatureNonceUsed
InvalidVersion InvalidAction.NotFound isv.SIGN_COUNT_OVER_LIMIT isv.TEMPLATE_COUNT_OVER_LIMIT isv.SIGN_NAME_ILLEGAL
isv.SIGN_FILE_LIMIT isv.SIGN_OVER_LIMIT isv.TEMPLATE_OVER_LIMIT SIGNATURE_BLACKLIST isv.SHORTURL_OVER_LIMIT
isv.NO_AVAILABLE_SHORT_URL isv.SHORTURL_NAME_ILLEGAL isv.SOURCEURL_OVER_LIMIT isv.SHORTURL_TIME_ILLEGAL
isv.PHONENUMBERS_OVER_LIMIT isv.SHORTURL_STILL_AVAILABLE isv.ERROR_EMPTY_FILE isp.GATEWAY_ERROR
isv.ERROR_SIGN_NOT_DELETE isv.ERROR_SIGN_NOT_MODIFY isv.ERROR_TEMPLATE_NOT_DELETE isv.ERROR_TEMPLATE_NOT_MODIFY
isv.SMS_OVER_LIMIT isv.CUSTOMER_REFUSED isv.SMS_TEST_SIGN_TEMPLATE_LIMIT isv.SHORTURL_DOMAIN_EMPTY
template_parameter_count_illegal isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL isv.SMS_TEST_NUMBER_LIMIT
isv.SMS_SIGN_EMOJI_ILLEGAL isv.SECURITY_FROZEN_ACCOUNT IS_CLOSE PARAMS_ILLEGAL MOBILE_NOT_ON_SERVICE MOBILE_SEND_LIMIT
MOBILE_ACCOUNT_ABNORMAL MOBILE_IN_BLACK MOBLLE_TERMINAL_ERROR CONTENT_KEYWORD INVALID_NUMBER CONTENT_ERROR
REQUEST_SUCCESS SP_NOT_BY_INTER_SMS SP_UNKNOWN_ERROR USER_REJECT NO_ROUTE isv.UNSUPPORTED_CONTENT
isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE isv.ONE_CODE_MULTIPLE_SIGN isv.CODE_EXCEED_LIMIT isv.CODE_ERROR
PORT_NOT_REGISTERED isv.SIGN_SOURCE_ILLEGAL
"""
DOCUMENTED = NAMED.split()


@pytest.mark.parametrize("code", sorted({*DOCUMENTED, *(line.code for line in CODES)}))
def test_every_code_ends_in_the_state_that_the_table_names(sink, code):
    sink.answer = answer(code)
    sent, line = send(sink), CODES.get(code)
    assert (sent.outcome, sent.fault, sent.code) == (line.outcome, line.fault, code)
    assert bool(sent.detail) == (sent.outcome != Outcome.SENT)


def test_no_documented_code_is_missing():
    assert [code for code in DOCUMENTED if code not in CODES] == []
    assert max(Counter(DOCUMENTED).values()) == 1


@pytest.mark.parametrize(
    ("code", "outcome", "fault"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", Outcome.PERMANENT, Fault.ADDRESS),
        ("isv.BLACK_KEY_CONTROL_LIMIT", Outcome.PERMANENT, Fault.ADDRESS),
        ("MOBILE_NOT_ON_SERVICE", Outcome.PERMANENT, None),
        ("isv.SMS_TEMPLATE_ILLEGAL", Outcome.PERMANENT, Fault.OURS),
        ("isv.AMOUNT_NOT_ENOUGH", Outcome.PERMANENT, Fault.OURS),
        ("isv.DAY_LIMIT_CONTROL", Outcome.PERMANENT, Fault.OURS),
        ("SignatureDoesNotMatch", Outcome.PERMANENT, Fault.OURS),
        ("isp.SYSTEM_ERROR", Outcome.REFUSED, None),
        ("isv.BUSINESS_LIMIT_CONTROL", Outcome.REFUSED, None),
        ("SP_UNKNOWN_ERROR", Outcome.UNKNOWN, None),
        ("isv.SOMETHING_NEW", Outcome.REFUSED, None),
        ("Throttling.SomethingNew", Outcome.REFUSED, None),
        ("InvalidAccessKeyId.SomethingNew", Outcome.PERMANENT, Fault.OURS),
    ],
)
def test_what_some_answers_mean(sink, code, outcome, fault):
    sink.answer = answer(code)
    sent = send(sink)
    assert (sent.outcome, sent.fault, sent.code) == (outcome, fault, code)


@pytest.mark.parametrize(
    ("said", "outcome", "wait"),
    [
        ("触发分钟级流控Permits:1", Outcome.REFUSED, timedelta(minutes=1)),
        ("触发小时级流控Permits:5", Outcome.REFUSED, timedelta(hours=1)),
        ("触发天级流控Permits:10", Outcome.PERMANENT, None),
        ("something else", Outcome.REFUSED, timedelta(minutes=1)),
    ],
)
def test_the_words_say_which_limit_of_a_number_was_met(sink, said, outcome, wait):
    sink.answer = answer("isv.BUSINESS_LIMIT_CONTROL", said)
    sent = send(sink)
    assert (sent.outcome, sent.retry_after, sent.fault) == (outcome, wait, None)


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, "Throttling.User", Outcome.REFUSED),
        (403, "SignatureDoesNotMatch", Outcome.PERMANENT),
        (404, "InvalidAccessKeyId.NotFound", Outcome.PERMANENT),
        (500, "InternalError", Outcome.REFUSED),
        (503, "ServiceUnavailable", Outcome.REFUSED),
    ],
)
def test_a_bad_status_with_a_known_code_counts_by_the_code(sink, status, code, outcome):
    sink.answer = answer(code, status=status)
    assert (send(sink).outcome, send(sink).code) == (outcome, code)


def test_too_many_requests_name_their_time(sink):
    sink.answer = (429, {"Retry-After": "7"}, "")
    assert (send(sink).outcome, send(sink).retry_after) == (Outcome.REFUSED, timedelta(seconds=7))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(500, Outcome.REFUSED), (502, Outcome.UNKNOWN), (503, Outcome.REFUSED), (504, Outcome.UNKNOWN)],
)
def test_a_bad_status_without_a_code(sink, status, outcome):
    sink.answer = (status, {}, "<html>")
    assert send(sink).outcome == outcome


@pytest.mark.parametrize("body", ["<html>please sign in</html>", "{}", "[]", '{"Code": null}', ""])
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
