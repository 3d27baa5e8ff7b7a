"""What rounds and nights do with evidence: our side of the tasks, without a Prefect server."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from flows import housekeeping, rectified
from flows.common import Duban
from models.evidence import Photo, Upload
from runtime import clock
from runtime.settings import Settings
from services import uploads
from services.uploads import Wanted
from tests.cast import HANDLER, MONDAY, ZONE, an_issue
from tests.services.evidence.handed import hand_in
from tests.services.evidence.pictures import photo


@pytest.fixture
def here(city: Session, sessions, database_url: str, tmp_path: Path) -> Duban:
    (tmp_path / "evidence").mkdir()
    return Duban(Settings(home=tmp_path), sessions, database_url)


def test_a_round_looks_at_what_was_handed_in(city: Session, here: Duban) -> None:
    hand_in(city, here.settings.evidence, an_issue(city, state="rectifying"), photo(1))
    city.commit()
    assert rectified.photos_wait(here)

    looked = rectified._look_at_photos(here, MONDAY)

    assert (looked.pieces, looked.drawn, rectified.photos_wait(here)) == (1, 1, False)


def test_a_night_takes_away_what_nobody_used(city: Session, here: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.system_now()
    uploads.begin(city, Wanted(10, "a.jpg"), by=HANDLER, now=now)
    store, zone = here.settings.evidence, ZONE.key
    uploads.take(city, data=photo(1), name="a.jpg", by=HANDLER, store=store, zone=zone, now=now)
    city.commit()

    monkeypatch.setattr(clock, "system_now", lambda: now + timedelta(days=40))
    swept = housekeeping._sweep_evidence(here)

    with here.sessions() as session:
        assert (session.exec(select(Upload)).all(), session.exec(select(Photo)).all(), swept) == ([], [], 3)
