"""City packs: read, checked, compared, loaded, and filled with sample stories. See cities/README.md."""

from services.cities.diff import Change, Diff, TableDiff
from services.cities.finding import Finding, Level
from services.cities.linting import lint
from services.cities.loading import load
from services.cities.pack import Pack
from services.cities.planning import plan
from services.cities.reading import read_pack
from services.cities.stories import SampleCounts, load_samples

__all__ = [
    "Change",
    "Diff",
    "Finding",
    "Level",
    "Pack",
    "SampleCounts",
    "TableDiff",
    "lint",
    "load",
    "load_samples",
    "plan",
    "read_pack",
]
