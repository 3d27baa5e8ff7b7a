"""Evidence in a bucket: a real client against a server that answers as S3 does."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr
from sqlmodel import Session

from models.errors import NotFound, NotReadable, NotStored
from runtime import clock
from runtime.errors import BadSettings
from runtime.settings import load_settings
from services import developing, evidence, evidence_bucket, evidence_view
from services.evidence_bucket import bucket
from tests.cast import HANDLER, MONDAY, an_issue, who
from tests.services.evidence.handed import hand_in, looked, pieces
from tests.services.evidence.pictures import photo

SECRET = "a+secret/with=signs"
SOON = timedelta(minutes=5)
MONTH = timedelta(days=31)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def client(server: str):
    """What the operator has made: a bucket."""
    known = {"aws_access_key_id": "key", "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=server, **known)
    client.create_bucket(Bucket="photos")
    yield client
    for one in client.list_objects_v2(Bucket="photos").get("Contents", []):
        client.delete_object(Bucket="photos", Key=one["Key"])
    client.delete_bucket(Bucket="photos")


@pytest.fixture
def place(server: str, client) -> SecretStr:
    return SecretStr(f"s3://photos/city/5103?endpoint_url={server}&key=key&secret={SECRET}&region=us-east-1")


def names(client) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket="photos").get("Contents", [])]


def sweep(session: Session, place: SecretStr, *, after: timedelta) -> evidence.Swept:
    return evidence.sweep_up(session, place, at=clock.system_now() + after)


def test_bytes_lie_under_their_hash(place: SecretStr, client) -> None:
    sha256 = evidence.store(place, b"proof")

    assert names(client) == [f"city/5103/{sha256[:2]}/{sha256}"]
    assert evidence.read(place, sha256) == b"proof"


def test_what_is_not_there_is_told(place: SecretStr) -> None:
    with pytest.raises(NotFound):
        evidence.read(place, "ab" * 32)


def test_a_large_photo_comes_back_whole(place: SecretStr) -> None:
    data = bytes(range(256)) * 60_000
    assert evidence.read(place, evidence.store(place, data)) == data


def test_what_was_altered_there_is_not_handed_out(place: SecretStr, client) -> None:
    sha256 = evidence.store(place, b"proof")
    client.put_object(Bucket="photos", Key=f"city/5103/{sha256[:2]}/{sha256}", Body=b"another")

    with pytest.raises(NotReadable, match="damaged"):
        evidence.read(place, sha256)


@pytest.mark.parametrize("change", ["s3://nobucket", "http://127.0.0.1:9", "key=nobody"])
def test_a_store_that_does_not_take_it_is_told_without_its_keys(place: SecretStr, change: str) -> None:
    given = place.get_secret_value()
    broken = {
        "s3://nobucket": given.replace("s3://photos", "s3://nobucket"),
        "http://127.0.0.1:9": given.replace(given.split("endpoint_url=")[1].split("&")[0], "http://127.0.0.1:9"),
        "key=nobody": given.replace("s3://photos", "s3://photos-of-others"),
    }[change]

    with pytest.raises(NotStored) as caught:
        evidence.store(SecretStr(broken), b"proof")

    assert SECRET not in str(caught.value)
    assert "s3://" in str(caught.value)


@pytest.fixture
def one_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the folder of `proof` is looked into, not all 512: the server of these tests takes seconds for them."""
    monkeypatch.setattr(evidence_bucket, "PAIRS", [hashlib.sha256(b"proof").hexdigest()[:2]])


def test_no_folder_is_left_out() -> None:
    assert sorted(evidence_bucket.PAIRS) == sorted("".join(two) for two in product("0123456789abcdef", repeat=2))


@pytest.mark.usefixtures("one_folder")
def test_what_no_row_names_goes_to_the_trash_first(city: Session, place: SecretStr, client) -> None:
    sha256 = evidence.store(place, b"proof")

    assert sweep(city, place, after=SOON) == evidence.Swept(0, 0)
    assert sweep(city, place, after=MONTH).unnamed == 1
    assert names(client) == [f"city/5103/trash/{sha256[:2]}/{sha256}"]
    assert evidence.read(place, sha256) == b"proof"
    sweep(city, place, after=MONTH)
    assert names(client) == []


@pytest.mark.usefixtures("one_folder")
def test_what_is_stored_again_is_out_of_the_trash(city: Session, place: SecretStr, client) -> None:
    sha256 = evidence.store(place, b"proof")
    sweep(city, place, after=MONTH)
    evidence.store(place, b"proof")
    issue = an_issue(city, state="rectifying")
    hand_in(city, place, issue, b"proof")

    sweep(city, place, after=MONTH)

    assert f"city/5103/{sha256[:2]}/{sha256}" in names(client)


def test_what_a_row_names_stays(city: Session, place: SecretStr) -> None:
    issue = an_issue(city, state="rectifying")
    hand_in(city, place, issue, photo(1))
    looked(city, place, issue)

    assert sweep(city, place, after=MONTH).unnamed == 0


def test_proof_is_handed_in_drawn_and_shown(city: Session, place: SecretStr, client) -> None:
    issue = an_issue(city, state="rectifying")
    hand_in(city, place, issue, photo(1))
    assert developing.look(city, place, now=MONDAY).drawn == 1
    (piece,) = pieces(city, issue)

    copy = evidence_view.copy_of(city, place, piece.id or 0, reader=who(city, HANDLER), city="5103")

    assert copy.read()[:2] == b"\xff\xd8"
    assert len(names(client)) == 3


def test_the_address_is_a_setting_and_its_keys_are_not_shown(place: SecretStr, monkeypatch, tmp_path) -> None:
    written = tmp_path / "url"
    written.write_text(place.get_secret_value())
    monkeypatch.setenv("DUBAN_EVIDENCE_URL_FILE", str(written))

    settings = load_settings()

    assert settings.evidence == place
    assert SECRET not in repr(settings)
    assert evidence.name_of(settings.evidence) == "s3://photos/city/5103"


@pytest.mark.parametrize("given", ["ftp://x/y", "s3://", "relative/folder", "s3:///x", "http://x"])
def test_an_address_that_is_none_stops_the_start(given: str, monkeypatch) -> None:
    monkeypatch.setenv("DUBAN_EVIDENCE_URL", given)
    with pytest.raises(BadSettings, match="DUBAN_EVIDENCE_URL"):
        load_settings()


def test_a_folder_is_an_address_too(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("DUBAN_EVIDENCE_URL", f"file://{tmp_path}")
    assert load_settings().evidence == tmp_path


def test_the_style_of_addresses_can_be_chosen() -> None:
    found = bucket("s3://photos?endpoint_url=https://oss.example&addressing=virtual&key=a&secret=b")
    assert found.files.config_kwargs["s3"] == {"addressing_style": "virtual"}
