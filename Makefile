# Marquee's daily commands. Debian needs: apt-get install python3 python3-venv make
# Everything lives in .venv; nothing outside the folder is written. `make PYTHON=/path/to/python3 run` chooses the interpreter.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore

PYTHON ?=
BIN := .venv/bin
JOBS ?= 3
UV_VERSION := 0.13.8
INSTALL := $(BIN)/python -m pip install -qq --no-deps

.PHONY: help run demo test check lint format sdl playground clients kodi lock migration clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

run: .venv/run.stamp ## install what is missing, migrate, serve on port 8686
	@$(BIN)/marquee migrate
	@exec $(BIN)/marquee serve $(ARGS)

demo: .venv/run.stamp ## serve a made-up household from the folder demo/
	@export MARQUEE_DATA_DIR=demo/data && $(BIN)/marquee migrate && exec $(BIN)/marquee demo $(ARGS)

test: lint ## lint, then every test once (about ten minutes on two cores)
	@echo "== pytest"
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint ## the same on every engine, whole corpora, slow tests (at most 60 minutes)
	@echo "== pytest, everything"
	@EVERY_ENGINE=1 CORPUS_FULL=1 $(BIN)/python -m pytest -m "" -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/dev.stamp ## ruff, mypy, import-linter
	@echo "== ruff" && $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "== mypy" && $(BIN)/mypy --no-error-summary
	@echo "== import-linter" && { $(BIN)/lint-imports --no-logo > .venv/imports.log || { cat .venv/imports.log; exit 1; }; }
	@find api domain workers tests alembic -name '*.py' -exec wc -l {} + | awk '$$1 > 300 && $$2 != "total" {print "long: " $$2 ", " $$1 " lines: split it"}'

format: .venv/dev.stamp ## let ruff sort imports and lay out the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

sdl: .venv/run.stamp ## write api/schema.graphql from the types
	@$(BIN)/python -c 'import pathlib; from api.schema import build_schema; pathlib.Path("api/schema.graphql").write_text(build_schema().as_str() + "\n", encoding="utf-8")'

playground: .venv/dev.stamp ## drive the playground in a real Chromium (Debian: apt-get install chromium)
	@$(BIN)/python -c 'import sys; from tests.playground.browser import executable; \
		sys.exit(executable() is None and "There is no Chromium on this machine. Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core")'
	@$(BIN)/python -m pytest -m "" tests/playground $(ARGS)

clients: .venv/dev.stamp ## run the examples of docs/clients.md against a server (Debian: apt-get install nodejs npm)
	@$(BIN)/python -m pytest -m "" -rs tests/clients $(ARGS)

kodi: .venv/dev.stamp ## compare our API with a real Kodi, field by field (Debian: apt-get install kodi xvfb)
	@$(BIN)/python -m tests.kodi $(ARGS)

migration: .venv/run.stamp ## make migration m="why": the difference between the models and the migrations
	@test -n "$(m)" || { echo 'Say why: make migration m="..."' >&2; exit 2; }
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && export DATABASE_URL="sqlite:///$$scratch/empty.db" && \
	$(BIN)/alembic upgrade head && $(BIN)/alembic revision --autogenerate -m "$(m)"

# The lock files name versions and hashes and no host. Present pins stay; `make lock ARGS=--upgrade` renews them all.
lock: .venv/pip.stamp ## write both lock files from pyproject.toml
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	$(BIN)/python -m pip install -qq --target "$$scratch" uv==$(UV_VERSION) && \
	pin() { "$$scratch/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url pyproject.toml "$$@"; } && \
	pin --group dev $(ARGS) -o requirements-dev.lock && pin -c requirements-dev.lock $(ARGS) -o requirements.lock

clean: ## remove the environment and every cache (never data/)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# A stamp is written last: an interrupted step is done again.
.venv/pip.stamp:
	@python="$(PYTHON)"; usable() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; }; \
	if [ -n "$$python" ]; then usable "$$python" || { echo "$$python is not Python 3.11 or newer." >&2; exit 1; }; \
	else for name in python3.13 python3.12 python3.11 python3; do \
		if usable "$$name"; then python=$$name; "$$name" -c 'import ensurepip, venv' 2> /dev/null && break; fi; done; fi; \
	[ -n "$$python" ] || { echo "Marquee needs Python 3.11 or newer (make PYTHON=/path/to/python3 ...)." >&2; exit 1; }; \
	echo "== environment: $$("$$python" --version)"; \
	if "$$python" -c 'import ensurepip, venv' 2> /dev/null; then "$$python" -m venv .venv; \
	elif "$$python" -m virtualenv --version > /dev/null 2>&1; then "$$python" -m virtualenv --quiet .venv; \
	elif command -v uv > /dev/null; then uv venv --quiet --allow-existing --seed --python "$$(command -v "$$python")" .venv; \
	else echo "$$python cannot make virtual environments. On Debian: apt-get install python3-venv" >&2; exit 1; fi
	@touch $@

.venv/run.stamp: .venv/pip.stamp requirements.lock pyproject.toml
	@echo "== requirements" && $(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation --no-index -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	@echo "== development requirements" && $(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
