"""Bulletins from before they were publications: moved as they were, readable as all others are, and moved back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from models.publication import Publication, PublicationState, content_hash
from runtime.cluster import Cluster
from runtime.database import MIGRATIONS, make_databases, make_engine
from services.bulletins.reading import must_read
from services.exports.bulletin_view import view
from tests import bed
from tests.cast import OFFICE, who
from tests.services.bulletins.desk import drafted
from tests.services.bulletins.silent import Silent
from tests.small_city import write_city

BEFORE = "0025"
RATES = dict.fromkeys(("rectification_rate", "on_time_rate", "rework_rate", "overdue_open_rate"), "0.5000")
COUNTS = {"assigned": 3, "due": 2, "suspended": 0, "to_close": 2, "closed": 1, "overdue_open": 1}
FIGURES = {
    "formula": "9f-1",
    "units": 1,
    "total": {"unit_code": "*", **COUNTS, **RATES},
    "bottom": [{"code": "D-CGJ", "name": "城管局"}],
}
LINE = {
    "formula": "9f-1",
    "rank": 1,
    "ranking_group": "districts",
    "unit_code": "D-CGJ",
    "unit_name": "城管局",
    **COUNTS,
    **RATES,
}


@pytest.fixture
def old(cluster: Cluster, worker: str) -> Iterator[Engine]:
    """A database of the version before, with one half month published and one unit in it."""
    name = f"old_bulletins_{worker}"
    make_databases(cluster, names=(name,))
    engine = make_engine(bed.url_of(cluster, name=name))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        connection.exec_driver_sql("CREATE EXTENSION pg_trgm")
    to(engine, "head")
    with Session(engine) as session:
        write_city(session)
    to(engine, BEFORE)
    with engine.begin() as connection:
        connection.execute(text(BULLETIN), {"figures": json.dumps(FIGURES)})
        connection.execute(text(APPRAISAL), {"figures": json.dumps(LINE)})
    yield engine
    engine.dispose()


BULLETIN = """
INSERT INTO bulletin (kind, period_from, period_to, figures, published_at)
VALUES ('half_month', '2026-10-16', '2026-10-31', CAST(:figures AS jsonb), '2026-11-01 00:10+00')
"""
APPRAISAL = """
INSERT INTO appraisal (bulletin_id, unit_code, figures) SELECT id, 'D-CGJ', CAST(:figures AS jsonb) FROM bulletin
"""


def to(engine: Engine, revision: str) -> None:
    """Bring the database to a revision, up or down."""
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        where = connection.execute(text("SELECT to_regclass('public.alembic_version')")).scalar_one()
        command.downgrade(config, revision) if where and revision == BEFORE else command.upgrade(config, revision)


def rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_an_old_one_is_a_published_bulletin_that_can_be_read(old: Engine) -> None:
    to(old, "head")
    with Session(old) as session:
        row = session.exec(select(Publication)).one()
        seen = must_read(session, row.id or 0, by=who(session, OFFICE), city="5103").content
        assert (row.state, row.kind, row.formula) == (PublicationState.PUBLISHED, "half_month", "9f-1")
        assert (seen["n"], seen["as_of"], seen["total"]["closed"]) == (20, "2026-11-01 08:10", 1)
        assert [line["unit_name"] for line in seen["units"]] == ["城管局"]
        assert row.content_sha256 == content_hash(row.content)
        assert view(seen, edition=1, issued_on="2026-11-01", illustrate=Silent())["groups"][0]["of"] == 1


def test_the_next_one_is_compared_with_it(old: Engine) -> None:
    to(old, "head")
    with Session(old) as session:
        previous = drafted(session).content["previous"]
    assert (previous["from"], previous["differences"]["closed"]) == ("2026-10-16", -1)


def test_going_back_its_figures_are_where_they_were(old: Engine) -> None:
    before = (
        rows(old, "SELECT period_from, figures FROM bulletin"),
        rows(old, "SELECT unit_code, figures FROM appraisal"),
    )
    to(old, "head")
    to(old, BEFORE)
    after = (
        rows(old, "SELECT period_from, figures FROM bulletin"),
        rows(old, "SELECT unit_code, figures FROM appraisal"),
    )
    assert after == before
