"""What if: which open issues would move a unit's place, and which few would bring it to a place.

A case that is put right passes its check and is closed; one that is late stays late. Everybody else stays as they are.
Only the figures of that one case are exchanged and the new place is looked up in the sorted group, so a whole city
costs little more than reading its open cases; and it is the same function that scores, so it says what would be
published.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from models.errors import NotFound
from models.scoring.appraisal import NOTHING, Beside, UnitScore, scored
from models.scoring.cases import Case, CaseState, Tally, tallies
from models.scoring.ranking import Entry, OrderKey, Place, order_key, ranked, unit_entry
from models.scoring.rules import Scoring

OPEN = (CaseState.OPEN, CaseState.HANDED_IN, CaseState.VERIFIED)


@dataclass(frozen=True, slots=True)
class Standings:
    """All units of a period: their cases, figures, places, and the sorted keys of each group."""

    rules: Scoring
    cases: Mapping[str, tuple[Case, ...]]
    tallies: Mapping[str, Tally]
    beside: Mapping[str, Beside]
    scores: Mapping[str, UnitScore]
    places: Mapping[str, Place]
    keys: Mapping[str, list[OrderKey]]

    def place(self, unit: str) -> Place:
        """Raises NotFound."""
        if unit not in self.places:
            raise NotFound(what="unit", code=unit)
        return self.places[unit]


@dataclass(frozen=True, slots=True)
class Move:
    """What closing one issue would do. Scores as published."""

    case: int
    unit: str
    score: Decimal | None
    score_after: Decimal | None
    rank: int
    rank_after: int


def standings(
    cases: Iterable[Case],
    *,
    groups: Mapping[str, str],
    beside: Mapping[str, Beside] | None = None,
    barred: Mapping[str, str] | None = None,
    rules: Scoring,
) -> Standings:
    """Score and rank every unit that has cases or something beside them.

    `groups`: unit → ranking group; `barred`: unit → why it has no place. Raises WrongValue for an unpriced incident.
    """
    by_unit: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_unit[case.unit].append(case)
    others = beside or {}
    units = sorted({*by_unit, *others})
    kept = {unit: tuple(by_unit.get(unit, ())) for unit in units}
    counts = tallies(kept, rules=rules.appraisal)
    scores = {unit: scored(unit, counts=counts[unit], beside=others.get(unit, NOTHING), rules=rules) for unit in units}
    entries = [
        unit_entry(scores[unit], group=groups.get(unit, ""), rules=rules, barred=(barred or {}).get(unit, ""))
        for unit in units
    ]
    places = {place.entry.code: place for place in ranked(entries, rules=rules.ranking)}
    return Standings(rules, kept, counts, others, scores, places, _sorted_keys(places.values(), rules))


def _sorted_keys(places: Iterable[Place], rules: Scoring) -> dict[str, list[OrderKey]]:
    keys: dict[str, list[OrderKey]] = defaultdict(list)
    for place in places:
        if place.rank is not None:
            keys[place.entry.group].append(order_key(place.entry, rules=rules.ranking))
    return {group: sorted(several) for group, several in keys.items()}


def put_right(case: Case) -> Case:
    """The case as it would be once it has passed its check and is closed."""
    return replace(case, state=CaseState.CLOSED, checks=case.checks + (case.state is not CaseState.VERIFIED))


def moves(field: Standings, *, units: Iterable[str] | None = None) -> list[Move]:
    """The open issues that, closed alone, would lift their unit: most places first, then most points.

    Of all units, or of these. Raises NotFound.
    """
    found = [move for unit in (field.places if units is None else units) for move in _moves(field, unit)]
    return sorted(found, key=lambda one: (one.rank_after - one.rank, -_gain(one), one.case))


def _gain(move: Move) -> Decimal:
    return (move.score_after or Decimal(0)) - (move.score or Decimal(0))


def _moves(field: Standings, unit: str) -> Iterable[Move]:
    place = field.place(unit)
    if place.rank is None:
        return
    rounding, known = field.rules.rounding, dict[Case, tuple[Decimal | None, int]]()
    score = rounding.score(field.scores[unit].score.exact)
    for case in field.cases[unit]:
        if case.state not in OPEN or case.left_out:
            continue
        alike = replace(case, id=0)  # cases that count alike move alike
        if alike not in known:
            after = _after(field, unit, _closed(field, field.tallies[unit], case))
            known[alike] = (rounding.score(after.score.exact), _rank(field, place, after))
        score_after, rank_after = known[alike]
        if rank_after < place.rank:
            yield Move(case.id, unit, score, score_after, place.rank, rank_after)


def few_enough(field: Standings, unit: str, *, rank: int) -> tuple[int, ...] | None:
    """A few open issues that, all closed, bring a unit to this place or above it: none of them can be left out.

    Each time the one that now gains most is taken. None where even all of them are not enough; empty where the unit is
    there already. Raises NotFound.
    """
    place, counts = field.place(unit), field.tallies[unit]
    if place.rank is None:
        return None
    left = {case.id: case for case in field.cases[unit] if case.state in OPEN and not case.left_out}
    taken: list[Case] = []
    while _rank(field, place, _after(field, unit, counts)) > rank:
        if not left:
            return None
        best = _best(field, unit, counts, left.values())
        counts = _closed(field, counts, left.pop(best.id))
        taken.append(best)
    return tuple(sorted(case.id for case in _needed(field, unit, taken, rank)))


def _best(field: Standings, unit: str, counts: Tally, left: Iterable[Case]) -> Case:
    """The one after which the unit stands best; among equals the first."""
    kinds = {replace(case, id=0): case for case in sorted(left, key=lambda case: -case.id)}

    def standing(case: Case) -> tuple[object, ...]:
        after = _after(field, unit, _closed(field, counts, case))
        return -(after.score.exact or 0), _key(field, unit, after), case.id

    return min(kinds.values(), key=standing)


def _needed(field: Standings, unit: str, taken: list[Case], rank: int) -> list[Case]:
    """Those without which the place would not be reached: what was taken early may not be needed in the end."""
    needed = list(taken)
    for case in taken:
        rest = [one for one in needed if one is not case]
        counts = field.tallies[unit]
        for one in rest:
            counts = _closed(field, counts, one)
        if _rank(field, field.place(unit), _after(field, unit, counts)) <= rank:
            needed = rest
    return needed


def _closed(field: Standings, counts: Tally, case: Case) -> Tally:
    return counts.changed(case, after=put_right(case), rules=field.rules.appraisal)


def _after(field: Standings, unit: str, counts: Tally) -> UnitScore:
    return scored(unit, counts=counts, beside=field.beside.get(unit, NOTHING), rules=field.rules)


def _entry(field: Standings, unit: str, score: UnitScore) -> Entry:
    return unit_entry(score, group=field.places[unit].entry.group, rules=field.rules)


def _key(field: Standings, unit: str, score: UnitScore) -> OrderKey:
    return order_key(_entry(field, unit, score), rules=field.rules.ranking)


def _rank(field: Standings, place: Place, score: UnitScore) -> int:
    """The place among the others of the group, who stay as they are.

    The unit's own key of today is among theirs. What is put right never makes it worse, so that is not before the new.
    """
    return 1 + bisect_left(field.keys[place.entry.group], _key(field, place.entry.code, score))
