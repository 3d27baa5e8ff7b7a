"""Evaluation systems for programs: lists, trees, differences, workbooks."""

import io

from openpyxl import load_workbook
from sqlmodel import Session

from models.standard import EvaluationContent, EvaluationItem, EvaluationVersion, Standard
from tests.cast import HANDLER
from tests.web.api.conftest import Calls

V1 = "/api/v1"


async def test_the_systems_tell_their_editions(calls: Calls) -> None:
    (system,) = (await calls(HANDLER).get(f"{V1}/systems")).json()

    (edition,) = system["editions"]
    assert (system["code"], edition["code"], edition["in_force"]) == ("civilised_city", "CC-2026", True)
    assert edition["use"] == {"rounds": 0, "issues": 0, "others": 0}


async def test_an_edition_is_a_tree(calls: Calls, city: Session) -> None:
    city.add(EvaluationItem(version_code="CC-2026", code="01", name="生活环境"))
    city.flush()
    city.add(EvaluationContent(version_code="CC-2026", code="0101", item_code="01", name="市容"))
    city.flush()
    city.get_one(Standard, ("CC-2026", "01-01")).content_code = "0101"
    city.commit()

    found = (await calls(HANDLER).get(f"{V1}/systems/CC-2026")).json()

    ((content,),) = (item["contents"] for item in found["tree"])
    assert (content["measured_by"], [one["code"] for one in content["standards"]]) == ("on_site", ["01-01"])
    assert "12-01" in [one["code"] for one in found["loose"]]


async def test_what_differs_between_two_editions(calls: Calls, city: Session) -> None:
    first = city.get_one(EvaluationVersion, "CC-2026")
    city.add(EvaluationVersion(code="CC-2027", system_code="civilised_city", name="x", valid_from=first.valid_from))
    city.commit()

    found = (await calls(HANDLER).get(f"{V1}/systems/CC-2026/differences", params={"to": "CC-2027"})).json()

    assert {(one["part"], one["became"]) for one in found} == {("standards", "gone")}
    assert (await calls(HANDLER).get(f"{V1}/systems/CC-2026/differences")).status_code == 422
    assert (await calls(HANDLER).get(f"{V1}/systems/CC-1999")).json()["code"] == "not_found"


async def test_an_edition_goes_as_a_workbook(calls: Calls) -> None:
    answer = await calls(HANDLER).get(f"{V1}/systems/CC-2026/workbook")

    assert load_workbook(io.BytesIO(answer.content))["版本"]["D2"].value == "CC-2026"
