"""Two people share a phone: what one has written is never sent in the name of the other."""

from sqlmodel import select

from models.evidence import Upload
from tests.browser.report_desk import Phone
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.browser.test_report import fill_in, issues, line, phone, shot
from tests.cast import INSPECTOR, VERIFIER

pytestmark = needs_chromium
__all__ = ["line", "phone"]


def test_who_has_logged_in_meanwhile_does_not_send_what_another_wrote(phone: Phone, session, tmp_path):
    phone.open("/report")
    fill_in(phone, shot(tmp_path, size=(400, 300)), "井盖松动")
    phone.log_in(session, VERIFIER)
    phone.tap("#send")
    phone.wait(lambda: "草稿已保存" in phone.one("#alarm").text)
    assert (issues(session), session.exec(select(Upload)).all()) == ([], [])

    phone.log_in(session, INSPECTOR)
    phone.open("/report#3")
    phone.ready()
    phone.wait(lambda: phone.one("#send").is_displayed())
    phone.tap("#send")
    phone.wait(lambda: "/report/done/" in phone.driver.current_url)
    assert [issue.external_ref.split(":")[1] for issue in issues(session)] == [INSPECTOR]
