# Two commands: `make run` and `make test`. Both set up all they need from Python 3.11+ alone.
SHELL := bash
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PEERS := .cache/bench-venv
STAMP := $(VENV)/.installed
TEST_PROCESSES ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run test lint lock bench bench-extract contract chaos drill page deploy clean

help:  ## show this
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP)  ## install into .venv (once, and after a change of the lock file)

$(STAMP): requirements-dev.lock
	@test -n "$(PYTHON)" || { \
	  echo "Python 3.11 or newer is needed: install it, or say where: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || test -x $(BIN)/pip || { \
	  echo "$(PYTHON) cannot make environments (on Debian: apt install python3-venv)" >&2; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version) (about a minute, once) ..."
	@test -x $(BIN)/pip || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes \
	  $(if $(shell test -t 1 && echo tty),--progress-bar on,) -r requirements-dev.lock \
	  | sed -u -nE 's/^Collecting ([^ ;]+).*/  fetching \1/p; s/^Installing collected packages.*/  installing .../p'; \
	  test $${PIPESTATUS[0]} -eq 0
	@touch $@

run: setup  ## start everything on this machine, print the address, a key and a curl
	@exec $(BIN)/python -m service dev

test: setup lint  ## everything that must hold
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup $(PEERS)/.installed  ## the figures of speed, each against its floor and its peers in one run
	@$(BIN)/python -m benchmarks $(BENCH)

$(PEERS)/.installed: benchmarks/requirements.lock
	@echo "setting up $(PEERS), for what the service is compared with (once) ..."
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
	  --require-hashes -r benchmarks/requirements.lock
	@touch $@

bench-extract: setup $(PEERS)/.installed  ## quality and speed of extraction
	@$(BIN)/python -m benchmarks.extraction

contract: setup  ## 50 generated requests and more for every operation, against openapi/v1.json
	@CONTRACT_EXAMPLES=50 CONTRACT_SECONDS=900 $(BIN)/python -m pytest --timeout 1200 tests/api/test_contract.py

chaos: setup  ## a long run under kills of everything; counts what was lost
	@$(BIN)/python -m benchmarks.chaos

drill: setup  ## a minute of three times the load, and a minute without Valkey, at full rate
	@$(BIN)/python -m benchmarks.drills

page: setup  ## a new golden page: make page FILE=page.html URL=https://... SLUG=what-it-shows
	@$(BIN)/python -m tests.pages.make --file "$(FILE)" --url "$(URL)" --slug "$(SLUG)"

deploy: setup  ## write deploy/service.env.example anew, from settings.py
	@$(BIN)/python -m service settings > deploy/service.env.example

lock:  ## pin all dependencies anew (needs uv: pip install uv)
	uv pip compile pyproject.toml -o requirements.lock --universal --python-version 3.11 \
	  --no-emit-index-url --no-header --no-annotate --generate-hashes
	uv pip compile pyproject.toml --extra embedded --group test --group lint -c requirements.lock \
	  -o requirements-dev.lock --universal --python-version 3.11 \
	  --no-emit-index-url --no-header --no-annotate --generate-hashes
	uv pip compile benchmarks/requirements.in -c requirements.lock -o benchmarks/requirements.lock \
	  --universal --strip-extras --python-version 3.11 \
	  --no-emit-index-url --no-header --no-annotate --generate-hashes

clean:  ## remove what setup and tests made; data in .data stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
