"""Many rows to the database as one parameter: the driver's arrays cost it more than all the rest of a statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, default=datetime.isoformat).encode


def rows(columns: str) -> str:
    """The rows of the document `:rows` as a table `v`; `columns` are names and types as SQL wants them."""
    return f"json_to_recordset(CAST(:rows AS json)) AS v({columns})"


def document(given: Sequence[Mapping[str, Any]]) -> str:
    """The document: plain values and times."""
    return _encode(given)


def array(given: Iterable[str]) -> str:
    """Texts as PostgreSQL writes an array of them."""
    return "{" + ",".join('"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in given) + "}"
