# Everything a developer or a newcomer runs. `make` alone lists it.

# The newest Python that will do; choose another with `make run PYTHON=/path/to/python`.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
OUT := out

.DEFAULT_GOAL := help
.PHONY: help run test check fast slow lint types bench fit backtest calibrate golden docs lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.run ## Set up, run the reference case, write its report to out/
	$(BIN)/palanca run us-mexico --out $(OUT)
	@echo "The page is $(OUT)/answer.html; open it in a browser."

test: lint types ## Set up, then every check and every test (what CI runs)
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: test ## The same as test

fast: $(VENV)/.dev ## The tests that finish while you watch
	$(BIN)/python -m pytest -m "not slow"

slow: $(VENV)/.dev ## The tests that sample or compile for long
	PALANCA_LONG_TESTS=1 $(BIN)/python -m pytest -m slow

lint: $(VENV)/.dev ## Style, format, and which package may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=src $(BIN)/lint-imports --no-cache

types: $(VENV)/.dev ## Types
	$(BIN)/mypy

bench: $(VENV)/.dev ## Measure speed and memory beside the same model in NumPy (nothing else running)
	$(BIN)/python benchmarks/run_benchmarks.py

fit: $(VENV)/.run ## Fit the reference case again (20 minutes) and replace the shipped posterior
	$(BIN)/palanca fit us-mexico --warmup 200 --ship

backtest: $(VENV)/.run ## Forecast from every past month again, score, replace the shipped scores (half an hour; resumes)
	$(BIN)/palanca evidence backtest us-mexico --again --ship
	$(BIN)/palanca evidence response us-mexico --again --ship

calibrate: $(VENV)/.dev ## Recover known parameters from made-up figures, replace the shipped calibration
	$(BIN)/python tools/calibrate.py --sampled --replications 12 --keep $(OUT)/calibration

golden: $(VENV)/.dev ## Renew the stored outputs, then show what changed: read it before keeping it
	RENEW_GOLDEN=1 $(BIN)/python -m pytest tests/golden
	git --no-pager diff --stat -- tests/golden

docs: $(VENV)/.dev ## Draw docs/reference from the code, and the documentation site in out/docs
	$(BIN)/python tools/draw_reference.py
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs $(OUT)/docs
	@echo "The first page is $(OUT)/docs/index.html; it opens, and is searched, without a network."

lock: $(VENV)/.lock ## Choose newer versions of what we depend on (with Python 3.11, the oldest supported)
	CUSTOM_COMPILE_COMMAND="make lock" $(VENV)-lock/bin/pip-compile --quiet --upgrade --output-file requirements/run.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(VENV)-lock/bin/pip-compile --quiet --upgrade --extra dev \
	  --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml

clean: ## Remove what was built or set up here
	rm -rf $(VENV) $(VENV)-lock $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up happens once, and again when the lock or pyproject.toml changes.

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "palanca needs Python 3.11 or newer, and none was found." >&2; \
	  echo "Install one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) from requirements/run.txt; this takes a minute or two, once."
	$(PIP) install --require-hashes --requirement requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) from requirements/dev.txt; this takes a minute or two, once."
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

$(VENV)/.lock: | $(BIN)/python
	python3.11 -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip --disable-pip-version-check --quiet install "pip-tools>=7.5"
	@touch $@
