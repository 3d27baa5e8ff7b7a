"""What has to be there before anything can run: the newest schema, and a city."""

import logging
from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session, select

from models.city import City
from models.errors import DubanError
from runtime import clock
from runtime.database import migrate
from runtime.i18n import gettext as _
from runtime.settings import Settings
from services.cities.kept_files import keep_files
from services.cities.loading import load
from services.cities.reading import read_pack
from services.cities.stories import load_samples
from services.demo_life import mark

log = logging.getLogger(__name__)
Say = Callable[[str], None]


def prepare(settings: Settings, engine: Engine, *, say: Say) -> None:
    """Migrate; load the city pack, and for a demo city its sample issues, when the database is empty.

    Raises BadRows or UnreadableFile for a pack that cannot be used; then nothing of it is loaded.
    """
    say(_("Bringing the database up to date …"))
    migrate(engine)
    with Session(engine, expire_on_commit=False) as session:
        city = session.exec(select(City)).first()
        if city is None:
            _load(settings, session, say=say)
        elif "files" not in city.pack:
            _keep_files(settings, session, city)


def _load(settings: Settings, session: Session, *, say: Say) -> None:
    """All or nothing: a start that is broken off here begins again next time. The rest of a demo city's life follows
    while everything runs (demo_life.py).
    """
    say(_("The database is empty: loading the city pack {folder} …").format(folder=settings.city_pack))
    pack = read_pack(settings.city_pack)
    now = clock.true_now(session)
    load(session, pack, now=now, progress=_steps(say, _("city: {done} of {total}")))
    load_samples(
        session,
        pack,
        now=now,
        evidence_dir=settings.evidence,
        progress=_steps(say, _("sample issues: {done} of {total}")),
    )
    if pack.stories:
        mark.begin(session)
    session.commit()


def _keep_files(settings: Settings, session: Session, city: City) -> None:
    """A city that was loaded before its wording, papers and comments were kept in the database: they are those of the
    folder that held until now. One that cannot be read is told by the next load.
    """
    try:
        pack = read_pack(settings.city_pack)
    except DubanError as error:
        log.warning("the files of the city pack are not kept yet: %s", error)
        return
    if pack.city.code == city.code:
        keep_files(session, pack)
        session.commit()


def _steps(say: Say, words: str) -> Callable[[int, int], None]:
    """Say every tenth of the way."""
    said = [-1]

    def progress(done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if tenth != said[0]:
            said[0] = tenth
            say("  " + words.format(done=done, total=total))

    return progress
