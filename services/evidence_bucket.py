"""Evidence in S3-compatible storage: `s3://bucket/prefix?endpoint_url=https://…&key=…&secret=…`.

An object is there whole or not at all, and its name is its content. There are no locks, so nothing is deleted at once:
what no row names goes to `trash/`, is still found there, comes back when somebody stores it again, and is deleted a
month later if no row names it then.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlsplit

from services.evidence_folder import check_name, is_name

PATIENCE = {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 3}}
PLAIN = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
"""Many servers that speak S3 do not know the newer checksums."""
OPTIONS = ("endpoint_url", "key", "secret", "token", "anon", "profile")
TRASH = "trash"
BLOCK = 8 * 1024 * 1024
"""Bytes that are sent at once; what is larger goes in several parts, and is there when the last one is."""
PAIRS = [f"{n:02x}" for n in range(256)]


@dataclass(frozen=True)
class Bucket:
    """The store under one prefix of a bucket."""

    files: Any
    root: str

    def keep(self, sha256: str, file: BinaryIO) -> None:
        """Written always, also when it is there: so it counts as new, and what lay in the trash is back."""
        made = self.files.open(self._path(sha256), "wb", block_size=BLOCK)
        try:
            shutil.copyfileobj(file, made, BLOCK)
        except BaseException:
            made.discard()  # closing it would keep what has come so far
            raise
        made.close()

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        try:
            return bytes(self.files.cat_file(self._path(sha256)))
        except FileNotFoundError:
            return bytes(self.files.cat_file(self._path(sha256, TRASH)))

    def part(self, sha256: str, start: int, end: int) -> bytes:
        """Some of the bytes. Raises FileNotFoundError."""
        try:
            return bytes(self.files.cat_file(self._path(sha256), start=start, end=end))
        except FileNotFoundError:
            return bytes(self.files.cat_file(self._path(sha256, TRASH), start=start, end=end))

    def stamp(self, sha256: str) -> tuple[int, object]:
        """How large it is, and when it was written. Raises FileNotFoundError."""
        try:
            known = self.files.info(self._path(sha256), refresh=True)
        except FileNotFoundError:
            known = self.files.info(self._path(sha256, TRASH), refresh=True)
        return int(known["size"]), known["LastModified"]

    def drop_unfinished(self, *, before: datetime) -> int:  # noqa: ARG002 - an object is never there by halves
        """Nothing: an object is never there by halves."""
        return 0

    def old(self, *, before: datetime) -> Iterator[str]:
        """The names of objects that have not changed since, a few thousand at a time."""
        for pair in PAIRS:
            for folder in (pair, f"{TRASH}/{pair}"):
                yield from (name for name, at in self._listed(folder) if at < before)

    def take_away(self, sha256: str, *, before: datetime) -> bool:
        """Out of the trash for good, or into it."""
        trash, path = self._path(sha256, TRASH), self._path(sha256)
        at = self._changed(path)
        if at is not None and at < before:
            self.files.copy(path, trash)
            self.files.rm_file(path)
            return True
        at = self._changed(trash)
        if at is not None and at < before:
            self.files.rm_file(trash)
        return False

    def _path(self, sha256: str, folder: str = "") -> str:
        return "/".join(part for part in (self.root, folder, check_name(sha256)[:2], sha256) if part)

    def _listed(self, folder: str) -> list[tuple[str, datetime]]:
        found: list[Mapping[str, Any]] = []
        with suppress(FileNotFoundError):
            found = self.files.ls(f"{self.root}/{folder}", detail=True, refresh=True)
        named = [(str(one["name"]).rsplit("/", 1)[-1], one.get("LastModified")) for one in found]
        return [(name, at) for name, at in named if is_name(name) and at is not None]

    def _changed(self, path: str) -> datetime | None:
        try:
            at: datetime = self.files.info(path, refresh=True)["LastModified"]
        except FileNotFoundError:
            return None
        return at


@lru_cache(maxsize=4)
def bucket(url: str) -> Bucket:
    """The store behind an address. Raises ImportError where the package s3fs is missing."""
    import fsspec  # most installations keep evidence in a folder

    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query.replace("+", "%2B")))  # keys have plus signs, never spaces
    client = {"region_name": given["region"]} if "region" in given else {}
    config: dict[str, Any] = {**PATIENCE, **PLAIN}
    if "addressing" in given:  # `virtual` for Aliyun OSS and others that want the bucket in the host's name
        config["s3"] = {"addressing_style": given["addressing"]}
    options = {name: given[name] for name in OPTIONS if name in given}
    files = fsspec.filesystem("s3", use_listings_cache=False, client_kwargs=client, config_kwargs=config, **options)
    return Bucket(files, f"{parts.netloc}{parts.path}".rstrip("/"))
