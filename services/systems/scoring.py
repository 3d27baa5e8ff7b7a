"""The rules of scoring as an edition has them: what it states goes before what the city says for all of them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

from models.scoring.parsing import FORMULAE
from models.scoring.rules import NegativeEntry, Precondition, Scoring
from services.systems.values import Entry, Gate, Module, SystemVersion

ANNUAL = "annual"
MINE = ("modules", "years", "weights", "look_back_months", "negative", "preconditions", "counties_share")


def in_scoring(rules: Scoring, edition: SystemVersion) -> Scoring:
    """The city's rules with the edition's own modules (as the composition `annual`), cycle, list, gates and shares.

    An edition that states none of it leaves them as they are, with their version; otherwise the version of the
    formula tells that, too: the city's, and the hash of what the edition states.
    """
    changed = dict(_stated(rules, edition))
    if not changed:
        return rules
    return replace(rules, **changed, names={**rules.names, **_names(edition)}, version=_version(rules, edition))


def _stated(rules: Scoring, edition: SystemVersion) -> Iterator[tuple[str, Any]]:
    if edition.modules:
        annual = {one.code: Fraction(one.weight) for one in edition.modules}
        yield "compositions", {**rules.compositions, ANNUAL: annual}
    if edition.years:
        yield "cycle", tuple(Fraction(one) for one in edition.years)
    if edition.weights:
        weights = {one.category: Fraction(one.weight) for one in edition.weights}
        yield "on_site", replace(rules.on_site, weights=weights)
    if edition.counties_share is not None:
        yield "counties_share", Fraction(edition.counties_share)
    if edition.look_back_months is not None:
        yield "look_back_months", edition.look_back_months
    if edition.negative:
        yield "negative", {one.code: _entry(one) for one in edition.negative}
    if edition.preconditions:
        gates = (Precondition(one.code, one.module, Fraction(one.least)) for one in edition.preconditions)
        yield "preconditions", tuple(gates)


def _entry(one: Entry) -> NegativeEntry:
    most = None if one.most is None else Fraction(one.most)
    return NegativeEntry(one.code, one.effect, Fraction(one.points), most)


def _names(edition: SystemVersion) -> Mapping[str, tuple[str, str]]:
    """Words for the codes; Chinese stands for English that nobody wrote."""
    named: Sequence[Module | Gate] = [*edition.modules, *edition.preconditions]
    entries = {one.code: (one.text, one.text_en or one.text) for one in edition.negative}
    return {**{one.code: (one.name, one.name_en or one.name) for one in named}, **entries}


def _version(rules: Scoring, edition: SystemVersion) -> str:
    """Names are no part of it: they change no figure."""
    stated = {name: _plain(getattr(edition, name)) for name in MINE}
    written = json.dumps([FORMULAE, edition.code, stated], ensure_ascii=False, sort_keys=True)
    return f"{rules.version}+{hashlib.sha256(written.encode()).hexdigest()[:16]}"


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(one) for name, one in asdict(value).items() if not name.startswith(("name", "text"))}
    return None if value is None else str(Fraction(value)) if not isinstance(value, str) else value
