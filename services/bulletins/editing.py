"""Wording a draft: the free texts, and which photo pairs are shown. Figures are counted, never typed."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session

from models.errors import WrongValue
from models.publication import Publication
from models.rights import Actor
from services import publications
from services.papers.words import clean

TEXTS = ("lead", "requirements", "praised", "criticised")
LONGEST = 2000
"""Characters of one text."""


def edit(
    session: Session,
    publication: Publication,
    *,
    texts: Mapping[str, str],
    pairs: Collection[str] | None = None,
    by: Actor,
    seen: str,
    now: datetime,
) -> Publication:
    """Put these texts into a draft; those not named stay. `pairs`: numbers of the issues whose photos are shown.

    Where nothing would change, nothing is on record. Raises as `publications.change` does, and WrongValue.
    """
    for name, value in texts.items():
        if name not in TEXTS or len(value) > LONGEST:
            expected = ", ".join(TEXTS) if name not in TEXTS else f"at most {LONGEST} characters"
            raise WrongValue(field=name, value=f"{value[:40]}…", expected=expected)
    content = dict(publication.content)
    content["texts"] = {**content["texts"], **{name: clean(value) for name, value in texts.items()}}
    if pairs is not None:
        content["pairs"] = [{**pair, "shown": pair["number"] in pairs} for pair in content["pairs"]]
    if content == publication.content and seen == publication.content_sha256:
        return publication
    return publications.change(session, publication.id or 0, content=content, by=by, seen=seen, now=now)
