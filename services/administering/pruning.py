"""What leaves the pack with a point that is closed: its posts, who holds them, its tasks, sample issues about it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from models.unit import OwnerKind
from services.cities.ordering import numbered
from services.cities.pack import Pack


def pruned(base: Pack, pack: Pack) -> Pack:
    """The pack without what hangs on points that the base has and the pack has not."""
    closed = {point.code for point in base.points} - {point.code for point in pack.points}
    if not closed:
        return pack
    posts = {post.code for post in pack.posts if post.owner_kind is OwnerKind.POINT and post.owner_code in closed}
    return replace(
        pack,
        posts=_without("posts", pack, lambda row: row.code in posts),
        tenures=_without("tenures", pack, lambda row: row.post_code in posts),
        tasks=_without("tasks", pack, lambda row: row.point_code in closed),
        stories=_without("stories", pack, lambda row: row.point_code in closed),
    )


def _without(name: str, pack: Pack, hangs: Callable[[Any], bool]) -> tuple[Any, ...]:
    rows: tuple[Any, ...] = getattr(pack, name)
    left = [row for row in rows if not hangs(row)]
    return rows if len(left) == len(rows) else numbered(name, left)
