"""A long random walk through the life of several issues agrees with the model, and breaks no promise on its way."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from tests.cast import at
from tests.corners.verbs import add_rules
from tests.properties.commands import GAPS, WAYS, Move
from tests.properties.happenings import begin, go_on
from tests.properties.invariants import agree, record_is_whole
from tests.properties.model_rules import change_to_b
from tests.properties.walk import Walk, first_days

dice = st.integers(0, 99)
moves = st.builds(Move, what=dice, which=st.integers(0, 5), who=dice, how=dice, gap=st.integers(0, len(GAPS) - 1))
# An ordinary Monday; before Mid-Autumn and National Day; a Sunday night; the end of the published years.
starts = st.sampled_from(["2026-11-02 10:00", "2026-09-18 16:40", "2026-09-27 20:15", "2026-12-25 09:00"]).map(at)
reached = st.tuples(*[st.integers(0, len(WAYS) - 1)] * 3)
LONG = settings.get_current_profile_name() == "long"


@pytest.mark.slow
@pytest.mark.timeout(0 if LONG else 600)  # half a minute on a free core
def test_a_walk_agrees_with_the_model_and_keeps_the_promises(city: Session, engine: Engine) -> None:
    add_rules(city, "walk-b", change_to_b)
    days = first_days(city)
    city.commit()

    @settings(max_examples=settings.default.max_examples if LONG else 50)
    @given(start=starts, reached=reached, steps=st.lists(moves, min_size=15, max_size=70 if LONG else 35))
    def walks(start: dt.datetime, reached: tuple[int, ...], steps: list[Move]) -> None:
        with engine.connect() as connection, connection.begin() as everything:
            walk = Walk(connection, start, days)
            begin(walk, reached)
            agree(walk)
            for step in steps:
                go_on(walk, step)
                agree(walk)
            record_is_whole(walk)
            walk.session.close()
            everything.rollback()

    walks()
