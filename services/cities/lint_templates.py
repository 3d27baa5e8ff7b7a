"""Templates that a city words anew: readable, and using only what a message knows."""

from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

from services.cities.finding import Finding, finding
from services.cities.pack import Pack
