"""A demo city's addresses are printed; a real city's are none."""

import pytest
from sqlmodel import Session, select

from deployments.demo_addresses import demo_addresses
from models.city import City
from runtime.i18n import Lang, using
from runtime.settings import Settings
from services.demo import PARTS

GIVEN = Settings(public_url="http://127.0.0.1:8400")


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "管理员 (系统管理员)"), ("en", "administrator (系统管理员)")])
def test_each_role_has_an_address_that_puts_it_first(city: Session, database_url: str, lang: Lang, word: str) -> None:
    with using(lang):
        lines = demo_addresses(GIVEN, database_url).splitlines()
    assert len(lines) == 1 + len(PARTS)
    assert f"  {word}: http://127.0.0.1:8400/login?role=administrator" in lines


def test_a_real_city_prints_nothing(city: Session, database_url: str) -> None:
    city.exec(select(City)).one().demo = False
    city.commit()
    assert demo_addresses(GIVEN, database_url) == ""
