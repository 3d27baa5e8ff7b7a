"""How two editions differ: what came, went, changed, moved."""

from services.systems.comparing import Became, compared, counted
from services.systems.reading import system_of
from tests.services.systems.editions import brought, renamed, saved, workbook


def differences(session, tmp_path, change):
    """Those between V1 and a V2 that `change` makes of its workbook."""
    book = renamed(workbook(session))
    change(book)
    brought(session, saved(book, tmp_path))
    found = compared(system_of(session, "V1"), system_of(session, "V2"))
    return [(one.part, one.code, one.became, [(c.column, c.old, c.new) for c in one.cells]) for one in found]


def test_two_editions_that_say_the_same_do_not_differ(small, tmp_path):
    assert differences(small, tmp_path, lambda _: None) == []


def test_a_deduction_and_a_weight_that_change_are_told_with_both_numbers(small, tmp_path):
    def change(book):
        book["测评标准"]["G2"], book["模块"]["D2"], book["模块"]["D3"] = 0.8, 0.6, 0.4
        book["版本"]["I2"] = 6

    assert differences(small, tmp_path, change) == [
        ("edition", "", Became.CHANGED, [("look_back_months", "12", "6")]),
        ("modules", "on_site", Became.CHANGED, [("weight", "0.7", "0.6")]),
        ("modules", "online_filing", Became.CHANGED, [("weight", "0.3", "0.4")]),
        ("standards", "01-01", Became.CHANGED, [("deduction", "0.5", "0.8")]),
    ]


def test_what_stands_elsewhere_in_the_tree_has_moved(small, tmp_path):
    def change(book):
        book["测评标准"]["A2"], book["测评内容"]["A4"] = "0201", "01"

    assert differences(small, tmp_path, change) == [
        ("contents", "0201", Became.MOVED, [("item", "02", "01")]),
        ("standards", "01-01", Became.MOVED, [("content", "0101", "0201")]),
    ]


def test_a_standard_under_another_code_has_moved_and_one_that_says_something_else_is_new(small, tmp_path):
    def change(book):
        book["测评标准"]["B2"], book["测评标准"]["B3"], book["测评标准"]["E3"] = "01-09", "12-09", "复秤点"

    found = differences(small, tmp_path, change)

    assert [(code, became) for _, code, became, _ in found] == [
        ("01-09", Became.MOVED),
        ("12-01", Became.GONE),
        ("12-09", Became.ADDED),
    ]
    assert found[0][3] == [("code", "01-01", "01-09")]


def test_an_entry_of_the_negative_list_that_goes_says_what_it_was(small, tmp_path):
    def change(book):
        book["负面清单"].delete_rows(3)
        book["两级联创"].delete_rows(2)

    (entry, county) = differences(small, tmp_path, change)

    assert entry[:3] == ("negative", "media", Became.GONE)
    assert ("points", "0.5", "") in entry[3]
    assert county[:3] == ("counties", "510302", Became.GONE)


def test_they_are_counted(small, tmp_path):
    book = renamed(workbook(small))
    book["测评标准"].delete_rows(3)
    brought(small, saved(book, tmp_path))

    found = counted(compared(system_of(small, "V1"), system_of(small, "V2")))

    assert found == {Became.ADDED: 0, Became.GONE: 1, Became.CHANGED: 0, Became.MOVED: 0}
