"""What a document of a schema may look like, for people who read the description. Made from the schema alone."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
TEXTS = {"date-time": "2026-11-20T08:00:00Z", "date": "2026-11-20", "time": "21:30:00", "binary": "…"}
DEEPEST = 6


class Schemas:
    """The schemas of a description, by name."""

    def __init__(self, document: Schema) -> None:
        self._known: Schema = document.get("components", {}).get("schemas", {})

    def plain(self, schema: Schema) -> Schema:
        """What a reference stands for; of several kinds the first that is something."""
        if "$ref" in schema:
            return self.plain(self._known[str(schema["$ref"]).rpartition("/")[2]])
        several = [one for one in (*schema.get("anyOf", ()), *schema.get("allOf", ())) if one.get("type") != "null"]
        return {**self.plain(several[0]), **schema} if several else schema

    def example(self, schema: Schema, depth: int = 0) -> Any:
        """A document that fits."""
        of = self.plain(schema)
        for name in ("examples", "example", "default", "const", "enum"):
            value = of.get(name)
            if value not in (None, [], {}):
                return value[0] if name in ("examples", "enum") else value
        kind = of.get("type")
        if kind == "object" or "properties" in of:
            return self._object(of, depth)
        if kind == "array":
            return [self.example(of.get("items", {}), depth + 1)] if depth < DEEPEST else []
        return self._value(of, kind)

    def _object(self, of: Schema, depth: int) -> dict[str, Any]:
        if depth >= DEEPEST:
            return {}
        return {name: self.example(one, depth + 1) for name, one in of.get("properties", {}).items()}

    def _value(self, of: Schema, kind: object) -> Any:
        if kind == "string":
            return TEXTS.get(str(of.get("format", "")), "…")
        if kind in ("integer", "number"):
            return of.get("minimum", 1)
        return False if kind == "boolean" else None

    def words(self, schema: Schema) -> str:
        """Its type in a word or two."""
        of = self.plain(schema)
        if "enum" in of:
            return " | ".join(map(str, of["enum"]))
        if of.get("type") == "array":
            return f"[{self.words(of.get('items', {}))}]"
        return str(of.get("format") or of.get("title" if of.get("type") == "object" else "type") or "any")
