"""The settings of SMS and webhooks."""

import pytest

from runtime.errors import BadSettings
from runtime.settings import SMS_SCHEMES, load_settings


def test_without_them_there_is_no_sms_and_nothing_of_the_inside(monkeypatch):
    for name in ("DUBAN_SMS_URL", "DUBAN_WEBHOOK_NETWORKS"):
        monkeypatch.delenv(name, raising=False)
    assert (load_settings().sms_url, load_settings().webhook_networks) == (None, ())


@pytest.mark.parametrize("scheme", SMS_SCHEMES)
def test_a_gateway_is_a_secret(monkeypatch, scheme):
    monkeypatch.setenv("DUBAN_SMS_URL", f"{scheme}://key:s3cr3t@place")
    assert load_settings().sms_url.get_secret_value() == f"{scheme}://key:s3cr3t@place"
    assert "s3cr3t" not in repr(load_settings())


@pytest.mark.parametrize("given", ["10.0.0.0/8,192.168.7.9", "10.0.0.0/8 192.168.7.9", " 10.0.0.0/8 , 192.168.7.9 "])
def test_networks_are_divided_by_commas_or_blanks(monkeypatch, given):
    monkeypatch.setenv("DUBAN_WEBHOOK_NETWORKS", given)
    assert load_settings().webhook_networks == ("10.0.0.0/8", "192.168.7.9")


@pytest.mark.parametrize(
    ("name", "value"),
    [("DUBAN_SMS_URL", "https://key:s3cr3t@example.org"), ("DUBAN_WEBHOOK_NETWORKS", "10.0.0.0/8,intranet-s3cr3t")],
)
def test_what_cannot_be_used_is_named_and_not_shown(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name) as refused:
        load_settings()
    assert "s3cr3t" not in str(refused.value)


def test_every_scheme_of_a_gateway_is_a_providers():
    from notifications.channels.sms_gateway import SCHEMES

    assert set(SMS_SCHEMES) == SCHEMES


def test_they_are_what_the_channels_are_opened_with(monkeypatch):
    from notifications.channels import Gateways, open_channels

    monkeypatch.setenv("DUBAN_SMS_URL", "aliyunsms://key:s3cr3t@SIGN/?template.default=SMS_1")
    monkeypatch.setenv("DUBAN_SMTP_URL", "smtp://127.0.0.1")
    channels = open_channels(Gateways(**load_settings().gateways))
    assert channels.serving("sms", "19900000001")
    assert channels.serving("mail", "a@example.invalid")
    channels.close()
