"""The part of the document that is about units: appraisal, places, red and black lists, appeals."""

from models.issue import FoundLevel, Source
from models.scoring.reader import Reader
from models.scoring.rules import Appeals, Deduction, Gap, ListRule, Lists, OrderBy, Ranking, UnitAppraisal

RATES = ("disposal", "on_time", "without_rework", "without_overdue", "without_extension", "satisfaction")
"""The shares of 1 that a unit's score may be made of, more always better. See appraisal.py."""
FIGURES = ("score", *RATES, "overdue_open", "cases")
"""What places may be decided by."""
LEADER_ASSIGNED = "leader_assigned"
SOURCES = tuple(source.value for source in Source)
HIGHER, LOWER = "higher", "lower"
REPEATED_WITHIN = 60
"""Days, where a document says nothing. Source: domain 4 [P46]."""
WINDOW, GROUNDS = 3, ("out_of_scope", "not_my_duty", "force_majeure")
"""Of appeals, where a document says nothing (proposal)."""


def read_appraisal(here: Reader) -> UnitAppraisal:
    """Settings of [appraisal]."""
    deductions, bonus = here.table("deductions"), here.table("bonus")
    lowest, highest = here.number("lowest", high=1000, default=0), here.number("highest", high=1000, default=100)
    if highest <= lowest:
        here.wrong("highest", float(highest), "more than “lowest”")
    weights = here.numbers("weights", high=1000, keys=RATES)
    if not any(weights.values()):
        here.wrong("weights", None, "at least one weight")
    return UnitAppraisal(
        weights=weights,
        by_finder=_by_finder(deductions.table("by_finder")),
        double=here.numbers("double", low=1, high=100, keys=(LEADER_ASSIGNED, *SOURCES)),
        relapse_factor=here.number("relapse_factor", low=1, high=100, default=1),
        repeated_within=here.whole("repeated_within_days", low=1, high=366, default=REPEATED_WITHIN),
        most_deducted=deductions.number("most", high=1000),
        per_cases=deductions.number("per_cases", high=100_000, default=0),
        self_sources=frozenset(here.several("self_sources", SOURCES)),
        self_found=bonus.number("self_found", high=100),
        most_bonus=bonus.number("most", high=1000),
        incidents=here.numbers("incidents", low=-100, high=100),
        difficulty=here.table("difficulty", optional=True).numbers("units", low=1, high=2),
        lowest=lowest,
        highest=highest,
    )


def _by_finder(here: Reader) -> dict[str, Deduction]:
    """Every level at which somebody may find something, the highest first; one that is not named costs as that above.

    Being late never costs less than being found.
    """
    found: dict[str, Deduction] = {}
    for level in FoundLevel:
        if level.value in here.written or not found:
            row = _deduction(here, level.value)
        found[level.value] = row
    return found


def _deduction(here: Reader, level: str) -> Deduction:
    one = here.table(level)
    row = Deduction(*(one.number(name, high=100) for name in ("found", "late", "repeated")))
    if not row.found <= row.late <= row.repeated:
        here.wrong(level, f"{row.found}, {row.late}, {row.repeated}", "found ≤ late ≤ repeated")
    return row


def read_ranking(here: Reader) -> Ranking:
    """Settings of [ranking]."""
    order: list[OrderBy] = []
    for one in here.each("order"):
        by, better = one.choice("by", FIGURES), one.choice("better", (HIGHER, LOWER))
        if by in (before.by for before in order):
            one.wrong("by", by, "each figure once")
        order.append(OrderBy(by, better == HIGHER))
    if not order:
        here.wrong("order", None, "at least one figure")
    least = here.whole("least_cases", low=1, high=100_000, default=1)
    return Ranking(least, here.number("z", low=1, high=5), tuple(order))


def read_lists(here: Reader) -> Lists:
    """Settings of [lists]."""
    times: dict[int, str] = {}
    for one in here.each("consequence"):
        count = one.whole("times", low=1, high=1000)
        if count in times:
            one.wrong("times", count, "each number once")
        times[count] = one.words("code")
    gap = Gap(here.choice("gap", list(Gap), default=Gap.HOLDS))
    red, black = _list(here.table("red"), "at_least"), _list(here.table("black"), "below")
    if red.measure == black.measure and (red.threshold or 0) < (black.threshold or 0) and red.threshold is not None:
        here.wrong("black.below", str(here.written.get("black")), "at most “red.at_least”: nobody is on both lists")
    return Lists(red, black, gap, times)


def _list(here: Reader, threshold: str) -> ListRule:
    measure = here.choice("measure", ("score", *RATES), default="score")
    limit, count = here.number_or_none(threshold, high=1000), here.whole_or_none("count", high=100_000)
    groups = here.wholes("groups", high=100_000)
    if limit is None and count is None and not groups:
        here.wrong(threshold, None, "a threshold, or how many of each group")
    return ListRule(measure, limit, count, groups)


def read_appeals(here: Reader) -> Appeals:
    """Settings of [appeals], which may be missing."""
    grounds = [one.words("code") for one in here.each("ground")]
    if len(set(grounds)) < len(grounds):
        here.wrong("ground", ", ".join(grounds), "each code once")
    window = here.whole("window_working_days", low=1, high=60, default=WINDOW)
    return Appeals(window, tuple(grounds) or GROUNDS)
