"""Where the pictures of the map come from: a tile server by settings, Tianditu unless another is named, or none.

Browsers fetch them from there; pages of the map, and no others, allow exactly its hosts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from runtime.settings import Settings
from web.security import HEADERS

NONE = "none"
HOSTS = "01234567"
"""What {s} stands for."""
_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
TIANDITU = {
    "zh-CN": tuple(_TIANDITU.format(layer=layer) for layer in ("vec", "cva")),
    "en": tuple(_TIANDITU.format(layer=layer) for layer in ("vec", "eva")),
}
"""Streets and, above them, their names. Tianditu's coordinates are those of phones (CGCS 2000), without a shift."""


@dataclass(frozen=True)
class Tiles:
    """Addresses of layers, the lowest first, with {s}, {x}, {y}, {z}; none: points on a plain ground."""

    layers: Sequence[str] = ()
    attribution: str = ""

    @property
    def sources(self) -> Sequence[str]:
        """The hosts, as a content security policy names them."""
        found: dict[str, None] = {}
        for layer in self.layers:
            for host in HOSTS if "{s}" in layer else ("",):
                address = urlsplit(layer.replace("{s}", host))
                found[f"{address.scheme}://{address.netloc}"] = None
        return tuple(found)

    def headers(self) -> dict[str, str]:
        """What lets a page show them. A tile server may want to know which site uses its key: that, and no more."""
        if not self.layers:
            return {}
        policy = HEADERS["Content-Security-Policy"]
        allowed = policy.replace("img-src 'self'", f"img-src 'self' {' '.join(self.sources)}")
        return {"Content-Security-Policy": allowed, "Referrer-Policy": "strict-origin-when-cross-origin"}


def tiles_of(settings: Settings, lang: str) -> Tiles:
    """Those of this installation, in the reader's language where the server has one."""
    key = settings.map_key.get_secret_value() if settings.map_key else ""
    if settings.map_tiles == NONE:
        return Tiles()
    own = tuple(settings.map_tiles.split())
    layers = own or TIANDITU.get(lang, TIANDITU["zh-CN"])
    if not key and any("{key}" in layer for layer in layers):
        return Tiles()
    return Tiles(tuple(layer.replace("{key}", key) for layer in layers), "" if own else "天地图 Tianditu")
