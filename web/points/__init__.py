"""Points: the signs that are put up there."""

from web.points.signs import router

__all__ = ["router"]
