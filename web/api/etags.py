"""ETags of issues: `"v7-12"`, the version and how many events it had. Time alone may change a version: both count."""

import re

from models.errors import SomebodyWasFaster
from models.issue import Issue
from services.acting import Seen


class NotModified(Exception):
    """The caller has it as it is."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__()


_WRITTEN = re.compile(r'(?:W/)?"v(\d{1,9})-(\d{1,9})"')


def etag_of(issue: Issue) -> str:
    """The ETag of an issue as it stands."""
    return f'"v{issue.version}-{issue.event_count}"'


def seen_of(if_match: str, issue: Issue) -> Seen:
    """What a caller has read. Raises SomebodyWasFaster for an ETag that is none of this issue's."""
    if if_match.strip() == "*":
        return Seen(issue.version, issue.event_count)
    found = _WRITTEN.fullmatch(if_match.strip())
    if found is None:
        raise SomebodyWasFaster(number=issue.number)
    return Seen(int(found[1]), int(found[2]))
