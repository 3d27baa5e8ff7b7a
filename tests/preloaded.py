"""What the mother process of `tests.nursery` has imported: all of Duban but what needs Prefect."""

from importlib import import_module
from pkgutil import walk_packages

import cli
import notifications
import services
import web

for package in (services, notifications, cli, web):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
