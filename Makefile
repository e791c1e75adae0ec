# Everything needs only python3 with venv, and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= 2
SURVEY ?=

.PHONY: help env run test test-full prove lint types lab docs docs-env bench real clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

env: $(VENV)/.ready  ## make the virtual environment from requirements.lock

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: env  ## run the demo city's newest year, or SURVEY=<folder under data/raw>
	@test -n "$(SURVEY)" || $(BIN)/skm demo
	$(BIN)/skm run $(SURVEY)

test: env  ## the quick tests (under 10 minutes)
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not full and not prove"

test-full: docs-env  ## everything that needs a browser, Word or whole surveys (under 60 minutes)
	tests/full/install
	$(BIN)/python -m pytest -q -n $(JOBS) -m full

prove: env  ## by hand: scale, simulations
	$(BIN)/python -m pytest -q -m prove

lint: env  ## style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: env  ## type hints
	$(BIN)/mypy

lab: env  ## open the notebooks in JupyterLab
	@test -n "$$(ls data/raw/*/survey.yml 2>/dev/null)" || $(BIN)/skm demo
	$(BIN)/skm lab

docs: docs-env  ## the documentation as a site in build/docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo build/docs/index.html

docs-env: env
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r docs/requirements.lock

bench: env  ## how fast, as ratios within one run
	$(BIN)/python -m benchmarks

real: env  ## run the real surveys of ../shared/data (or SKM_REAL_DATA) in build/real
	$(BIN)/python -m tests.real

clean:  ## remove the environment and what was built, never data or reports
	rm -rf $(VENV) build dist *.egg-info
