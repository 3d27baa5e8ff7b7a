"""Real servers on loopback that answer as they are told: an HTTP sink and a mail server."""

import asyncio
import datetime as dt
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.channels import Letter

LETTER = Letter(
    title="【交办】ZG-2026-000001",
    body="高山井社区大道：垃圾桶满溢\n.一行以点开头",
    key="12-3-D-CGJ:handler-R00006",
    at=dt.datetime(2026, 11, 2, 2, 0, tzinfo=dt.UTC),
)


class Sink(ThreadingHTTPServer):
    """Answers each POST with `answer`: (status, headers, body), or by misbehaving. Keeps what it got.

    Connections are kept. `hang`: says nothing; `drop`, `abort`: hangs up, politely or not; `half`: hangs up in the
    middle of its answer; `drip`: takes a second for it, bit by bit.
    """

    daemon_threads = True
    request_queue_size = 64  # dozens may connect at once; with the usual five some would wait a second

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scheme = "https" if context else "http"
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.connections = 0
        self.answer: tuple[int, dict[str, str], str] | str = (200, {}, "{}")
        self.got: list[str] = []
        self.free = threading.Event()

    @property
    def url(self) -> str:
        return f"json{self.scheme[4:]}://127.0.0.1:{self.server_port}"

    @property
    def http(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that does not trust us, or hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: Sink
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def note(self, body: str) -> None:
        """Before the answer, so that whoever has it can look."""
        self.server.got.append(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.note(body)
        self.close_connection = isinstance(self.server.answer, str)
        if self.server.answer == "hang":
            self.server.free.wait(5)
            return
        if self.server.answer == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.server.answer == "abort":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.socket.close(self.connection)
            return
        if self.server.answer in ("half", "drip"):
            self.send_response(200)
            self.send_header("Content-Length", "20")
            self.end_headers()
            self._drip(20 if self.server.answer == "drip" else 10)
            return
        status, headers, text = self.server.answer
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def _drip(self, drops: int) -> None:
        for _ in range(drops):
            self.wfile.write(b"x")
            self.server.free.wait(0.05 if drops == 20 else 0)

    def log_message(self, *_: object) -> None: ...


@contextmanager
def http_sink(context: ssl.SSLContext | None = None) -> Iterator[Sink]:
    sink = Sink(context)
    thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield sink
    finally:
        sink.free.set()
        sink.shutdown()
        thread.join()
        sink.server_close()


class Mailbox:
    """The rules of a mail server: what it answers at each point, and what it got."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.recipients: list[str] = []
        self.rcpt = self.data = ""
        self.drop_on_data = False
        self.slow = 0.0
        self.most = 1000
        self.sessions = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        if self.sessions >= self.most:
            return ["421 too many connections"]
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_HELO(self, server, session, envelope, hostname):
        """Who was refused an EHLO tries this."""
        return "421 too many connections"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.drop_on_data:
            server.transport.abort()
            return None
        if self.data:
            return self.data
        await asyncio.sleep(self.slow)
        self.letters.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        return "250 taken"


class Mail(Controller):
    """aiosmtpd with our settings."""

    def __init__(self, mailbox: Mailbox, **options) -> None:
        self._options = options
        super().__init__(mailbox, hostname="127.0.0.1", port=_free_port(), ssl_context=options.pop("implicit", None))

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self._options)


@contextmanager
def mail_sink(mailbox: Mailbox, **options) -> Iterator[Mail]:
    server = Mail(mailbox, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def sign_in(server, session, envelope, mechanism, data) -> AuthResult:
    """Knows one user."""
    return AuthResult(success=(data.login, data.password) == (b"duban", b"very-secret"), handled=False)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context for 127.0.0.1, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)).not_valid_after(
        dt.datetime(2120, 1, 1, tzinfo=dt.UTC)
    )
    signed = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = signed.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "both.pem").write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
