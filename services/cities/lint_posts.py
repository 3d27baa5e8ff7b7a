"""Posts: in their place, held by somebody, and the holder reachable."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from models.unit import UNIT_POSTS, OwnerKind, PostKind
from services.cities.finding import Finding, finding
from services.cities.pack import Pack
from services.cities.rows import PostRow, TenureRow

LEVELS: Mapping[PostKind, range] = {
    PostKind.BUILDING_CHIEF: range(5, 6),
    PostKind.GRID_CHIEF: range(5, 6),
    PostKind.AREA_CHIEF: range(4, 5),
    PostKind.STREET_CHIEF: range(3, 4),
    PostKind.OFFICE: range(1, 3),
    PostKind.INSPECTOR: range(1, 3),
    PostKind.VERIFIER: range(1, 4),
    PostKind.HEADQUARTERS: range(1, 2),
    PostKind.PERFORMANCE_OFFICE: range(1, 2),
    PostKind.DUTY_OFFICER: range(1, 2),
    PostKind.ADMINISTRATOR: range(1, 2),
}


def lint_posts(pack: Pack, today: date) -> Iterator[Finding]:
    """Owners, tenures, deputies, vacancies, contacts."""
    yield from _places(pack)
    yield from _tenures(pack)
    yield from _vacancies(pack, today)
    yield from _contacts(pack)
    for deputy in pack.deputies:
        if deputy.person_code == deputy.deputy_code:
            yield finding("self_deputy", "deputies.csv", deputy.row, person=deputy.person_code)


def _places(pack: Pack) -> Iterator[Finding]:
    levels = {area.code: area.level for area in pack.areas}
    owners = {
        OwnerKind.AREA: frozenset(levels),
        OwnerKind.UNIT: frozenset(unit.code for unit in pack.units),
        OwnerKind.POINT: frozenset(point.code for point in pack.points),
    }
    for post in pack.posts:
        if post.code != (expected := f"{post.owner_code}:{post.kind}"):
            yield finding("post_code_mismatch", "posts.csv", post.row, code=post.code, expected=expected)
        if post.owner_code not in owners[post.owner_kind]:
            yield finding("unknown_code", "posts.csv", post.row, what=post.owner_kind.value, code=post.owner_code)
        elif not _fits(post, levels):
            yield finding("post_out_of_place", "posts.csv", post.row, kind=post.kind.value, owner=post.owner_code)


def _fits(post: PostRow, levels: Mapping[str, int]) -> bool:
    if post.owner_kind is OwnerKind.UNIT:
        return post.kind in UNIT_POSTS
    if post.owner_kind is OwnerKind.POINT:
        return post.kind is PostKind.SPONSOR_LEADER
    return levels[post.owner_code] in LEVELS.get(post.kind, ())


def _tenures(pack: Pack) -> Iterator[Finding]:
    held: dict[tuple[str, str], list[TenureRow]] = defaultdict(list)
    for tenure in pack.tenures:
        before = held[tenure.post_code, tenure.person_code]
        if any(_overlap(tenure, other) for other in before):
            given = {"person": tenure.person_code, "post": tenure.post_code}
            yield finding("tenure_overlap", "tenures.csv", tenure.row, **given)
        before.append(tenure)


def _overlap(one: TenureRow, other: TenureRow) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _vacancies(pack: Pack, today: date) -> Iterator[Finding]:
    held = {tenure.post_code for tenure in pack.tenures if tenure.holds_on(today)}
    duty = f"{pack.city.code}:{PostKind.DUTY_OFFICER}"
    if duty not in held or duty not in {post.code for post in pack.posts}:
        yield finding("duty_officer_missing", "tenures.csv", post=duty)
    vacant = sorted(post.code for post in pack.posts if post.code not in held)
    if vacant:
        given: dict[str, Any] = {"count": len(vacant), "total": len(pack.posts), "first": vacant[0]}
        yield finding("vacant_posts", "tenures.csv", **given)


def _contacts(pack: Pack) -> Iterator[Finding]:
    reached = {contact.person_code for contact in pack.contacts}
    silent = sorted({tenure.person_code for tenure in pack.tenures} - reached)
    if silent:
        yield finding("persons_without_contact", "contacts.csv", count=len(silent), first=silent[0])
