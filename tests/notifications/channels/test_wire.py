"""HTTP as it is on the line: what is written, and every form in which an answer may come."""

import socket
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected

import pytest

from notifications.channels.wire import Reply, answer, request


@pytest.fixture
def heard():
    """Reads the answer that somebody says in these pieces, hanging up after them or not."""
    ours, theirs = socket.socketpair()
    ours.settimeout(0.5)

    def hear(*pieces: bytes, hang_up: bool = False, most: int = 1000, seconds: float = 0.5) -> Reply:
        for piece in pieces:
            theirs.sendall(piece)
        if hang_up:
            theirs.shutdown(socket.SHUT_WR)
        return answer(ours, seconds=seconds, most=most)

    yield hear
    ours.close()
    theirs.close()


def test_a_request_is_one_piece():
    written = request("POST", "/a?b=c", host="h.example", body="人".encode(), headers={"Content-Type": "text/plain"})
    assert written == (
        b"POST /a?b=c HTTP/1.1\r\nHost: h.example\r\nAccept-Encoding: identity\r\nContent-Length: 3\r\n"
        b"Content-Type: text/plain\r\n\r\n" + "人".encode()
    )


def test_a_header_that_is_given_takes_the_place_of_the_usual_one():
    written = request("GET", "/", host="h.example", body=b"", headers={"host": "other.example"})
    assert written.count(b"ost:") == 1
    assert b"host: other.example\r\n" in written


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"X-A": "a\r\nX-B: b"}),
        ("POST", {"X-A": "a\nb"}),
        ("POST", {"X A": "a"}),
        ("POST", {"": "a"}),
        ("POST", {"X-A:": "a"}),
        ("POST", {"X-A": "人"}),
        ("POST /else", {}),
    ],
)
def test_what_is_no_header_is_not_written(method, headers):
    with pytest.raises(ValueError, match=r"not a header|latin-1"):
        request(method, "/", host="h.example", body=b"", headers=headers)


FINE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nRetry-After: 7\r\n\r\n{}"


def test_an_answer_is_its_status_its_headers_and_its_body(heard):
    reply = heard(FINE)
    assert (reply.status, reply.headers["Retry-After"], reply.body, reply.stays) == (200, "7", b"{}", True)


def test_an_answer_may_come_byte_by_byte(heard):
    assert heard(*(bytes([one]) for one in FINE)) == heard(FINE)


def test_lines_may_end_without_a_carriage_return(heard):
    assert heard(FINE.replace(b"\r\n", b"\n")) == heard(FINE)


CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "chunks",
    [
        b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        b"B;name=value\r\nhello world\r\n0\r\n\r\n",
        b"b\r\nhello world\r\n000\r\nX-Trailer: 1\r\nX-More: 2\r\n\r\n",
    ],
)
def test_a_body_may_come_in_chunks(heard, chunks):
    reply = heard(CHUNKS, chunks)
    assert (reply.body, reply.stays) == (b"hello world", True)


def test_without_a_length_the_body_ends_with_the_connection(heard):
    reply = heard(b"HTTP/1.1 200 OK\r\n\r\nhello ", b"world", hang_up=True)
    assert (reply.body, reply.stays) == (b"hello world", False)


@pytest.mark.parametrize("status", [204, 304])
def test_some_answers_have_no_body(heard, status):
    reply = heard(b"HTTP/1.1 %d X\r\n\r\n" % status)
    assert (reply.status, reply.body, reply.stays) == (status, b"", True)


def test_what_is_said_on_the_way_is_not_the_answer(heard):
    assert heard(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", FINE) == heard(FINE)


@pytest.mark.parametrize(
    ("head", "stays"),
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nand more than it said", False),
    ],
)
def test_a_connection_stays_when_both_sides_know_where_they_are(heard, head, stays):
    assert heard(head).stays is stays


def test_of_two_headers_with_one_name_the_first_counts(heard):
    assert (
        heard(b"HTTP/1.1 503\r\nRetry-After: 1\r\nretry-after: 2\r\nContent-Length: 0\r\n\r\n").headers["retry-after"]
        == "1"
    )


def test_a_byte_that_other_places_take_for_a_line_end_is_none(heard):
    reply = heard(b"HTTP/1.1 503 X\r\nX-A: \x85Retry-After: 9\r\nContent-Length: 0\r\n\r\n")
    assert "retry-after" not in reply.headers


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"", RemoteDisconnected),
        (b"HTTP/1.1 200 OK\r\nContent-Le", IncompleteRead),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", IncompleteRead),
        (CHUNKS + b"9\r\nhalf", IncompleteRead),
        (CHUNKS + b"4\r\nwhole\r\n0\r\n\r\n", ValueError),
        (CHUNKS + b"-4\r\n", ValueError),
        (CHUNKS + b"\r\n", ValueError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", ValueError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", ValueError),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", BadStatusLine),
        (b"HTTP/1.1 2000 OK\r\n\r\n", BadStatusLine),
        (b"HTTP/2 200\r\n\r\n", BadStatusLine),
    ],
)
def test_what_is_no_whole_answer_is_an_error(heard, said, error):
    with pytest.raises(error):
        heard(said, hang_up=True)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
    ],
)
def test_an_answer_that_is_too_long_is_not_read(heard, said):
    with pytest.raises(TimeoutError, match="does not end"):
        heard(said)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_a_server_that_drips_its_headers_or_its_body_is_cut_off(heard, head):
    """Though each byte comes long before the connection's own limit."""
    with pytest.raises(TimeoutError, match="does not end"):
        heard(head, b"x", seconds=0.0)


class OneByOne:
    """A connection on which each piece comes alone."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    def recv(self, _: int) -> bytes:
        return self._pieces.pop(0)


def test_many_short_chunks_are_not_read_without_end():
    chunk = b"64\r\n" + b"x" * 100 + b"\r\n"
    assert len(answer(OneByOne(CHUNKS, *[chunk] * 10, b"0\r\n\r\n"), seconds=5, most=1000).body) == 1000
    with pytest.raises(TimeoutError, match="does not end"):
        answer(OneByOne(CHUNKS, *[chunk] * 11, b"0\r\n\r\n"), seconds=5, most=1000)
