"""Secrets do not reach the log."""

import io
import logging
from collections.abc import Iterator

import pytest

from runtime.logs import mask, set_up


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up("INFO", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql+psycopg://duban:hunter2@db.local:5432/duban",
        "smtp://office:hunter2@mail.example.invalid:587?starttls=1",
        "https://oapi.dingtalk.com/robot/send?access_token=hunter2",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hunter2",
        "https://open.feishu.cn/open-apis/bot/v2/hook/hunter2",
        "dingtalk://hunter2/",
        "Authorization: Bearer hunter2hunter2",
        '{"token": "hunter2"}',
        "password=hunter2, user=me",
        "GET /l/WyJzaWduX2luIiwxhunter2.aGpEqhzlcl1t",
    ],
)
def test_a_secret_is_masked(text: str) -> None:
    assert "hunter2" not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "issue ZG-2026-000123 assigned to D-CGJ: 3 working_days",
        "web page at http://127.0.0.1:8400/issues?state=found",
        "mail to smtp://localhost:25 was sent",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


def test_arguments_and_tracebacks_are_masked_too(lines: io.StringIO) -> None:
    try:
        raise ValueError("cannot reach smtp://me:hunter2@localhost")
    except ValueError:
        logging.getLogger("mail").exception("sending by %s", "dingtalk://hunter2")

    assert "hunter2" not in lines.getvalue()
    assert "Traceback" in lines.getvalue()


def test_a_line_tells_time_level_and_where(lines: io.StringIO) -> None:
    logging.getLogger("flows.deadline").warning("3 issues overdue")
    assert lines.getvalue().endswith("WARNING flows.deadline: 3 issues overdue\n")
