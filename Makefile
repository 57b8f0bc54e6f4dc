# make graph   set everything up, build seeds/ into ./kg-store and say what was found
# make test    set everything up and run every check and test
# make help    list the other targets
#
# PYTHON=python3.12 chooses the interpreter (3.11 or later) that .venv is made with.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# jieba is published as source only: it is built with the setuptools that requirements-build.lock pins
PIP_LOCKED := $(PIP) install --require-hashes --no-build-isolation --use-pep517
WORKERS ?= auto
UV ?= $(BIN)/uv

.DEFAULT_GOAL := graph
.DELETE_ON_ERROR:
.PHONY: graph test test-quick lint format docs bench wheel compiled lock vulnerabilities fuzz evaluate install dev clean help

graph: install  ## build seeds/ into the default store and print what was found
	$(BIN)/kg build

test: lint  ## every check, then every test
	$(BIN)/python -m pytest -n $(WORKERS)

test-quick: dev  ## the tests without those marked slow
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

lint: dev  ## style, types and import layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet || { echo "make format puts this right" >&2; exit 1; }
	$(BIN)/mypy
	$(BIN)/lint-imports

format: dev  ## let ruff write the code as `make lint` wants it
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

evaluate: dev  ## score the annotated reports and raise the floors of the gate that were passed
	$(BIN)/kg evaluate --update

docs: dev  ## write the generated pages of docs/ anew
	$(BIN)/python -m tools.docs
	$(BIN)/python -m tools.readme
	$(BIN)/python -m tools.evaluation

bench: dev  ## time the whole command, the extraction and its growth with length, beside jieba's
	$(BIN)/python bench/build_vs_jieba.py
	$(BIN)/python bench/throughput.py
	$(BIN)/python bench/scaling.py
	$(BIN)/python -m bench.ablation
	$(BIN)/python bench/serving.py

wheel: dev  ## dist/*.whl, with ontology, queries, word lists and the seed report inside
	$(BIN)/hatchling build -t wheel

compiled: dev  ## such a wheel with the extraction compiled, for many reports, and what is in it in build/compiled
	rm -rf build/compiled build/compiled-wheel
	HATCH_BUILD_HOOK_ENABLE_CUSTOM=true $(BIN)/hatchling build -t wheel -d build/compiled-wheel
	$(BIN)/python -m zipfile -e build/compiled-wheel/*.whl build/compiled
	mkdir -p dist && mv build/compiled-wheel/*.whl dist/
	KG_COMPILED=1 $(BIN)/python -m pytest -q tests/test_compiled.py

lock: | $(BIN)/uv  ## write the lock files anew from pyproject.toml (UPGRADE=1 for the newest versions)
	$(LOCK) --group dev --all-extras pyproject.toml -o requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --all-extras pyproject.toml -o requirements.lock
	$(LOCK) --constraint requirements-dev.lock --group build -o requirements-build.lock
	echo 'csv-reconcile==0.3.2' | $(LOCK) - -o tests/link/csv-reconcile.lock

# pip-audit runs in an environment of its own: nothing of the project is made or tested with it.
PIP_AUDIT := $(UV) tool run --from pip-audit==2.10.1 pip-audit --disable-pip --require-hashes --strict

vulnerabilities: | $(BIN)/uv  ## look the pinned dependencies up among the known vulnerabilities (asks pypi.org)
	@for lock in requirements.lock requirements-dev.lock requirements-build.lock; do \
	  $(PIP_AUDIT) --requirement $$lock || { \
	    echo "$$lock was not looked up, or something in it is vulnerable: see above. This needs pypi.org." >&2; exit 1; }; \
	done

fuzz: dev  ## a hundred thousand inputs of bad will; what breaks something is kept in tests/hostile/corpus
	$(BIN)/python -m tools.fuzz --inputs 100000 --seed $$(date +%s)

LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header $(if $(UPGRADE),--upgrade)

install: $(VENV)/.kg-installed  ## .venv with what kg needs, and .venv/bin/kg
dev: $(VENV)/.kg-dev  ## the same with what the tests need

clean:  ## remove what the targets above leave, .venv and the store included
	rm -rf $(VENV) kg-store build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*##/\1:/p' $(firstword $(MAKEFILE_LIST)) | while IFS=: read -r name what; do printf '%-17s%s\n' "$$name" "$$what"; done

# Without PYTHON, the first of these that is new enough.
CANDIDATES := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)

$(VENV)/.kg-venv:
	@for python in $(CANDIDATES); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then break; fi; \
	  python=; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "kg needs Python 3.11 or later, and none of these is: $(CANDIDATES)" >&2; \
	  echo "Name the one to use: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "$$python comes without venv and ensurepip. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV)
	@touch $@

$(VENV)/.kg-build: requirements-build.lock $(VENV)/.kg-venv
	@echo "Installing the pinned build tools"
	@$(PIP_LOCKED) -r requirements-build.lock
	@touch $@

$(VENV)/.kg-deps: requirements.lock $(VENV)/.kg-build
	@echo "Installing the pinned dependencies"
	@$(PIP_LOCKED) -r requirements.lock
	@touch $@

$(VENV)/.kg-installed: pyproject.toml kg/__init__.py $(VENV)/.kg-deps
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@# byte code and word lists as kg.kept has them: pip makes none of what it only points to
	@store=$$(mktemp -d) && PYTHONDONTWRITEBYTECODE= $(BIN)/kg build --store "$$store" >/dev/null && rm -rf "$$store"
	@touch $@

$(VENV)/.kg-dev: requirements-dev.lock $(VENV)/.kg-installed
	@echo "Installing the pinned tools of the tests"
	@$(PIP_LOCKED) -r requirements-dev.lock
	@touch $@

$(BIN)/uv: | $(VENV)/.kg-venv
	@$(PIP) install uv
