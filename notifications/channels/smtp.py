"""Mail over SMTP on kept connections.

What went wrong counts by when: before the server asked for the body, nothing was taken; after the body was on its way,
a broken connection leaves the outcome unknown. Trouble that is ours (connecting, TLS, signing in, a sender that is not
taken) counts as refused, to be tried again: a wrong password in the settings must not burn every reader's address.
"""

import re
import smtplib
import ssl
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

from models.message import Outcome
from notifications.channels.base import Fault, Letter, Sent, scrub
from notifications.channels.lines import GATEWAY, Line, Lines
from notifications.channels.mail import write_mail

TIMEOUT = 10.0
CONNECTIONS = 48
STALE = (smtplib.SMTPServerDisconnected, ConnectionError)
ASKS_FOR_BODY = 354
NO_MAILBOX = frozenset({550, 551, 553})
_STATUS = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
_NOBODY = frozenset({("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1")})
"""Enhanced status codes that say that the mailbox is not there or not used. Source: RFC 3463, RFC 7505."""
_IN_WORDS = re.compile(r"(?i)no such|unknown|not exist|not found|invalid (user|recipient|mailbox|address)|no mailbox")
_ABOUT_US = re.compile(r"(?i)relay|spam|block|denied|policy|reject.*(host|ip)|auth|blacklist")


class Smtp:
    """One mail server. `smtps://` speaks TLS from the start; `smtp://` takes STARTTLS when it is offered.

    `?from=address` names the sender, `?connections=8` how many it may keep at once. A server that takes fewer is
    noticed: letters then wait for one of those that it took. Raises ValueError for another kind of URL.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("expected smtp://user:password@host:port or smtps://…")
        query = parse_qs(parts.query)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._secure else 587 if parts.username else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = _sender(query.get("from", [""])[0], self._user, self._host)
        self._timeout = timeout
        self._context = context or ssl.create_default_context()  # costs 20 ms: made once, not per mail
        self._lines = Lines(most=int(query.get("connections", [str(CONNECTIONS)])[0]))

    def send(self, address: str, *, letter: Letter) -> Sent:
        """Hand the letter to the server."""
        try:
            raw = write_mail(letter, to=address, sender=self._sender)
        except ValueError as error:
            return Sent(Outcome.PERMANENT, code="address", detail=type(error).__name__, fault=Fault.ADDRESS)
        return self._lines.use(lambda line: self._send(line, raw, address))

    @property
    def at_once(self) -> int:
        """One letter on each connection."""
        return self._lines.most

    def close(self) -> None:
        """Say goodbye to the server."""
        self._lines.close()

    def _send(self, line: Line, raw: bytes, address: str) -> Sent:
        return self._envelope(line, address, again=line.server is not None) or self._hand_over(line, raw, address)

    def _envelope(self, line: Line, address: str, *, again: bool) -> Sent | None:
        """Nothing when the server waits for the body, else why not. A kept connection may have died: then once more."""
        try:
            self._open_envelope(line, address)
        except STALE as error:
            line.drop()
            return self._envelope(line, address, again=False) if again else _gateway(error, address)
        except smtplib.SMTPResponseException as error:
            return self._refused(line, error, address) if line.server else _gateway(error, address)
        except (OSError, smtplib.SMTPException) as error:
            line.drop()
            return _gateway(error, address)
        return None

    def _open_envelope(self, line: Line, address: str) -> None:
        """Everything up to the server's asking for the body. Raises what smtplib raises."""
        server = line.server = line.server or self._connect()
        _expect_sender(server.mail(self._sender))
        _expect_reader(server.rcpt(address))
        _expect(server.docmd("DATA"), below=400, exactly=ASKS_FOR_BODY)

    def _hand_over(self, line: Line, raw: bytes, address: str) -> Sent:
        """Send the body. From the first byte on, a lost connection means that we do not know."""
        server = line.server
        assert server is not None
        try:
            server.send(re.sub(rb"(?m)^\.", b"..", raw) + b".\r\n")
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            line.drop()
            return Sent(Outcome.UNKNOWN, code="lost", detail=scrub(type(error).__name__, address=address))
        detail = scrub(answer.decode("utf-8", "replace"), address=address)
        if code < 300:
            return Sent(Outcome.SENT, code=str(code), detail=detail)
        return _by_code(code, detail)

    def _connect(self) -> smtplib.SMTP:
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=self._context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self._secure and server.has_extn("starttls"):
            server.starttls(context=self._context)
            server.ehlo()
        elif not self._secure and self._user and self._host not in ("localhost", "127.0.0.1", "::1"):
            raise smtplib.SMTPNotSupportedError("no TLS is offered: the password is not sent in the clear")
        if self._user:
            try:
                server.login(self._user, self._password)
            except smtplib.SMTPResponseException as error:
                raise _NotSignedIn(error.smtp_code) from None

    def _refused(self, line: Line, error: smtplib.SMTPResponseException, address: str) -> Sent:
        """The server said no before the body: it is asked to forget this letter, and the connection stays."""
        answer = error.smtp_error
        said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        if error.smtp_code == 421:  # it hangs up
            line.drop()
        else:
            line.forget()
        sent = _by_code(error.smtp_code, scrub(said, address=address))
        return replace(sent, fault=Fault.ADDRESS) if isinstance(error, _NobodyThere) else sent


class _NobodyThere(smtplib.SMTPResponseException):
    """The server has no such mailbox."""


class _SenderRefused(smtplib.SMTPException):
    """The server takes no mail from us; that says nothing about the reader's address."""


class _NotSignedIn(smtplib.SMTPException):
    """The server does not take our name or password."""


def _sender(given: str, user: str, host: str) -> str:
    return given or (user if "@" in user else f"duban@{host if '.' in host and not host[0].isdigit() else 'localhost'}")


def _expect(reply: tuple[int, bytes], *, below: int, exactly: int | None = None) -> None:
    code, answer = reply
    if code == -1:
        raise smtplib.SMTPServerDisconnected(answer)
    if code >= below or (exactly and code != exactly):
        raise smtplib.SMTPResponseException(code, answer)


def _expect_reader(reply: tuple[int, bytes]) -> None:
    code, answer = reply
    if code in NO_MAILBOX and _says_nobody(answer.decode("utf-8", "replace")):
        raise _NobodyThere(code, answer)
    _expect(reply, below=300)


def _says_nobody(said: str) -> bool:
    """A server that does not take us (spam, relaying) answers 550 as well: that is not the reader's address."""
    status = _STATUS.search(said)
    if status:
        return status.groups() in _NOBODY
    return bool(_IN_WORDS.search(said)) and not _ABOUT_US.search(said)


def _expect_sender(reply: tuple[int, bytes]) -> None:
    code, answer = reply
    if code in (-1, 421):  # it hung up, or does so now: often on a connection that was idle too long
        raise smtplib.SMTPServerDisconnected(answer)
    if code >= 300:
        raise _SenderRefused(code, answer.decode("utf-8", "replace"))


def _by_code(code: int, detail: str) -> Sent:
    return Sent(Outcome.PERMANENT if 500 <= code < 600 and code != 552 else Outcome.REFUSED, str(code), detail)


def _gateway(error: Exception, address: str) -> Sent:
    return Sent(Outcome.REFUSED, code=GATEWAY, detail=scrub(f"{type(error).__name__} {error}", address=address))
