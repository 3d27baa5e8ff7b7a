"""Evidence of an issue, looked at."""

from pathlib import Path

import httpx
import pytest
from sqlmodel import Session

from services import developing
from tests.cast import MONDAY, an_issue
from tests.services.evidence.handed import hand_in, pieces
from tests.services.evidence.pictures import photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the application keeps evidence."""
    return tmp_path / "evidence"


@pytest.fixture
def issue(city: Session, client: httpx.AsyncClient, folder: Path) -> int:
    """Handed in with a photo, taken at a place far away."""
    folder.mkdir()
    found = an_issue(city, state="rectifying")
    hand_in(city, folder, found, photo(1, lat=30.1, lng=104.2), file_name="现场 照片.heic")
    developing.look(city, folder, now=MONDAY)
    city.commit()
    return found


@pytest.fixture
def key(city: Session, issue: int) -> int:
    """The photo."""
    return pieces(city, issue)[0].id or 0
