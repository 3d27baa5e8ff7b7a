"""Many rows as one parameter: what comes out in the database is what went in."""

from sqlalchemy import text

from notifications.rows import array, document, rows
from tests.cast import MONDAY

ODD = ["", "NULL", "null", "a,b", 'say "x"', "back\\slash", "{curly}", "'; --", " 人 ", "two\nlines", "%s :name"]


def test_an_array_holds_what_was_given(session):
    found = session.connection().execute(text("SELECT unnest(CAST(:given AS text[]))"), {"given": array(ODD)})
    assert list(found.scalars()) == ODD


def test_an_empty_array_is_one(session):
    query = text("SELECT cardinality(CAST(:given AS text[]))")
    assert session.connection().execute(query, {"given": array([])}).scalar_one() == 0


def test_a_document_holds_texts_numbers_times_and_nothing(session):
    given = [{"id": n, "said": said, "at": MONDAY if n else None} for n, said in enumerate(ODD)]
    query = text(f"SELECT v.id, v.said, v.at FROM {rows('id bigint, said text, at timestamptz')} ORDER BY v.id")
    found = session.connection().execute(query, {"rows": document(given)}).mappings()
    assert [dict(row) for row in found] == given
