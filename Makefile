# make run    start Duban: database, Prefect, flow server, web page
# make test   set up and run all tests
# make check  lint, formatting, types, import borders, translations
# make docs   write the reference pages that are made from the code
# make bench  measure
# make clean  remove the environment and caches (your data are not there)
#
# PYTHON=python3.12 make …   chooses the interpreter (3.11 or newer) that the environment is made with.

.DEFAULT_GOAL := help
.PHONY: help run test check docs bench setup clean
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
LAUNCH := import sys; sys.argv[0], sys.path[0] = 'duban', '$(CURDIR)'; from cli.main import main; sys.exit(main())
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
CANDIDATES := python3 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for p in $(CANDIDATES); do $$p -c "$(RECENT)" 2>/dev/null && { echo $$p; break; }; done)

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

run: setup
	$(BIN)/duban up

test: setup
	$(BIN)/python -m pytest -n auto --dist loadgroup $(TESTS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m runtime.translations

docs: setup
	$(BIN)/python -c "from models.reference import write; write()"

bench: setup
	$(BIN)/python -m bench $(BENCH)

setup: $(STAMP)

# The lock holds every package with its hashes, so pip need not (and some versions cannot) resolve anything.
# Duban itself is not installed but put on the path: no build step, nothing to fetch beyond the lock.
# What pages take from npm comes through the machine's npm, or else through the one of a wheel.
$(STAMP): requirements.lock requirements-node.lock package-lock.json web/vendoring.py pyproject.toml Makefile
	@test -n "$(PYTHON)" || { echo "Duban needs Python 3.11 or newer; name one: PYTHON=/path/to/python3.11 make setup" >&2; exit 1; }
	@$(PYTHON) -c "$(RECENT)" || { echo "$(PYTHON) is too old or missing; Duban needs Python 3.11 or newer" >&2; exit 1; }
	@$(BIN)/python -c "$(RECENT)" 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps -r requirements.lock
	@command -v npm >/dev/null || $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps -r requirements-node.lock
	@$(BIN)/python -m web.vendoring
	@$(BIN)/python -c "import sysconfig, pathlib; pathlib.Path(sysconfig.get_path('purelib'), 'duban.pth').write_text('$(CURDIR)\n')"
	@printf '#!/bin/sh\nexec "%s" -c "%s" "$$@"\n' "$(CURDIR)/$(BIN)/python" "$(LAUNCH)" > $(BIN)/duban
	@chmod 755 $(BIN)/duban
	@touch $@

clean:
	rm -rf $(VENV) node_modules web/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
