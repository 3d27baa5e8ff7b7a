"""Whatever is edited: the city that comes out is the city in force, and reads as it was written."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from models.errors import BadRows
from services.administering import Edit, NotAsShown, held_pack, write_pack
from services.cities import plan
from services.cities.reading import parse_pack
from tests.services.administering.desk import LATER, done

WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t,\"'=+~%\\"), min_size=0, max_size=12
)
DAYS = st.dates(date(2026, 10, 1), date(2027, 3, 1)).map(date.isoformat)
MAYBE = st.one_of(st.just(""), DAYS)
YES = st.sampled_from(["0", "1"])
PERSONS = st.sampled_from(["R1", "R2", "R3", "R4", "N1"])
POSTS = st.sampled_from(["5103:office", "510302:office", "510302001:street_chief", "D-CGJ:handler", "5103:verifier"])
KINDS = st.sampled_from(["holiday", "make_up", "workday", "weekend"])

A_DAY = st.fixed_dictionaries({"date": DAYS, "kind": KINDS, "name": WORDS, "source": WORDS, "published": YES})


def cells(**columns: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional=columns)


EDITS = st.one_of(
    st.builds(Edit, st.just("persons"), PERSONS, cells(name=WORDS, lang=st.sampled_from(["zh-CN", "en"]), sample=YES)),
    st.builds(
        Edit,
        st.just("points"),
        st.sampled_from(["P-0001", "P-0002"]),
        cells(name=WORDS, address=WORDS, lat=st.floats(-90, 90).map(str), lng=WORDS, sample=YES),
        gone=st.booleans(),
    ),
    st.builds(
        Edit,
        st.just("points"),
        st.none(),
        st.fixed_dictionaries({"code": st.sampled_from(["P-1", "P-0002", "P 2~%"]), "name": WORDS,
                               "category_code": st.just("12"), "area_code": st.just("510302"),
                               "lead_unit": st.just("D-CGJ")}),
    ),
    st.builds(
        Edit,
        st.just("tenures"),
        st.none(),
        st.fixed_dictionaries({"post_code": POSTS, "person_code": PERSONS, "valid_from": DAYS, "valid_to": MAYBE}),
    ),
    st.builds(
        Edit, st.just("tenures"), POSTS.map(lambda post: f"{post}~R1~2024-01-01"), cells(valid_to=MAYBE),
        gone=st.booleans(),
    ),
    st.builds(
        Edit,
        st.just("contacts"),
        st.sampled_from(["R1~mail~r1@example.invalid", "R4~sms~19900000004"]),
        cells(position=st.sampled_from(["1", "2", "x"]), verified=YES),
        gone=st.booleans(),
    ),
    st.builds(Edit, st.just("standards"), st.just("V1~01-01"), cells(text=WORDS, deduction=st.decimals(0, 9).map(str))),
    st.builds(Edit, st.just("days"), st.none(), A_DAY),
    st.builds(Edit, st.just("days"), st.sampled_from(["2026-01-01", "2026-01-04"]), cells(name=WORDS, published=YES)),
    st.builds(Edit, st.just("stories"), st.just("A"), cells(description=WORDS, days_ago=st.just("9.5"))),
    st.builds(Edit, st.just("units"), st.just("D-CGJ"), cells(name=WORDS, valid_from=MAYBE, valid_to=MAYBE)),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(EDITS, min_size=1, max_size=4))
def test_any_edits_that_are_allowed_come_out_and_in_again(small: Session, steps: list[Edit]) -> None:
    small.rollback()
    for edit in [Edit("persons", None, {"code": "N1", "name": "新"}), *steps]:
        try:
            done(small, edit, now=LATER)
        except (BadRows, NotAsShown):
            continue  # refused, and then nothing of it is there
    held = held_pack(small)

    again = parse_pack(dict(write_pack(held)), folder=held.folder)

    assert again.rule_code == held.rule_code
    assert [getattr(again, name) for name in NAMES] == [getattr(held, name) for name in NAMES]
    _plan_finds_nothing(small, again)
    small.rollback()


NAMES = ("areas", "units", "persons", "posts", "tenures", "contacts", "standards", "points", "days", "stories")


def _plan_finds_nothing(session: Session, again) -> None:
    diff = plan(session, again, now=LATER)
    assert diff.is_empty, [one for one in diff.tables if not one.is_empty]


def test_the_next_day_finds_nothing_either(small: Session) -> None:
    done(small, Edit("points", "P-0002", gone=True))
    held = held_pack(small)

    assert plan(small, parse_pack(dict(write_pack(held)), folder=held.folder), now=LATER + timedelta(days=1)).is_empty
