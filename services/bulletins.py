"""Reading published bulletins. Nothing here writes; services/dispatch.py publishes."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.appraisal import Appraisal, Bulletin


def unit_lines(session: Session, bulletin: Bulletin) -> list[Mapping[str, Any]]:
    """The frozen figures of each unit: by group, by place, those without a place last."""
    query = select(Appraisal.figures).where(Appraisal.bulletin_id == bulletin.id).order_by(col(Appraisal.unit_code))
    lines = list(session.exec(query))
    return sorted(lines, key=lambda line: (line["ranking_group"], line["rank"] is None, line["rank"] or 0))
