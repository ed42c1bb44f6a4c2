# Two commands: `make run` and `make test`. Both set up all they need from Python 3.11+ alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup run test lint lock clean

setup: $(STAMP)

$(STAMP): requirements-dev.lock
	@echo "setting up $(VENV) (about a minute, once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: setup
	@$(BIN)/python -m service dev

test: setup lint
	@$(BIN)/python -m pytest

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

lock:
	uv pip compile pyproject.toml -o requirements.lock --universal --python-version 3.11 \
	  --no-emit-index-url --no-header --no-annotate --generate-hashes
	uv pip compile pyproject.toml --extra embedded --group test --group lint -c requirements.lock \
	  -o requirements-dev.lock --universal --python-version 3.11 \
	  --no-emit-index-url --no-header --no-annotate --generate-hashes
