"""A mail server and chat robots on loopback that note each letter, and may kill whoever brings one.

They take the whole text and then, at the n-th letter, kill the sender before it has an answer: from outside, with
nothing arranged in the sender.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.crash.deaths import Victim
from tests.notifications.channels.sinks import Mailbox, mail_sink

MARK = re.compile(r"w-\d+|ZG-\d{4}-\d+")
Letter = tuple[str, str, str]
"""Channel, address, one of the marks in it."""
Mail = tuple[str, tuple[str, ...]]
"""Address and all marks."""


@dataclass
class Desk:
    """What has come in, mark by mark and letter by letter. `kill_at`: at which letter `victim` dies."""

    smtp: str = ""
    robot: str = ""
    letters: list[Letter] = field(default_factory=list)
    mails: Counter[Mail] = field(default_factory=Counter)
    kill_at: int = 0
    victim: Victim | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, channel: str, address: str, words: str) -> bool:
        """Note a letter. Whether its bringer lives to hear the answer."""
        with self._lock:
            marks = tuple(sorted(set(MARK.findall(words))))
            self.mails[address, marks] += 1
            self.letters += [(channel, address, mark) for mark in marks]
            if self.mails.total() != self.kill_at:
                return True
            assert self.victim
            self.victim.kill()
            return False


class _Letters(Mailbox):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    async def handle_DATA(self, server, session, envelope):
        words = message_from_bytes(envelope.content, policy=default).get_content()
        for address in envelope.rcpt_tos:
            if not self.desk.take("mail", address, words):
                server.transport.abort()
                return None
        return "250 taken"


class _Robots(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, desk: Desk) -> None:
        super().__init__(("127.0.0.1", 0), _Robot)
        self.desk = desk


class _Robot(BaseHTTPRequestHandler):
    server: _Robots

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.desk.take("chat", urlsplit(self.path).path.strip("/"), body):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Both sinks, until the end of the block."""
    desk = Desk()
    with mail_sink(_Letters(desk)) as mail, _robots(desk) as robots:
        desk.smtp = f"smtp://127.0.0.1:{mail.port}"
        desk.robot = f"json://127.0.0.1:{robots.server_port}"
        yield desk


@contextmanager
def _robots(desk: Desk) -> Iterator[_Robots]:
    with _Robots(desk) as robots:
        thread = threading.Thread(target=robots.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield robots
        finally:
            robots.shutdown()
            thread.join()
