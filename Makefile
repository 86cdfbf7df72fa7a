# Two commands: `make serve` and `make test`. Everything else is here to help them.

PYTHON ?= python3
PORT ?= 5006
DB ?= var/demo.db
# Processes that the tests are shared out to, each with a server and a browser of its own, a file at a time.
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
COMPILE := $(BIN)/python -m compileall -q -j 0 $(VENV)/lib data engine components dashboards

.DEFAULT_GOAL := help
.PHONY: help setup serve demo test lint bench screenshots clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

setup: $(VENV)/.ready ## make the environment (.venv) from pinned versions

serve: setup $(DB) ## make the demo shop and serve it at http://localhost:5006 (DB=, PORT=)
	$(BIN)/shoplight serve --db $(DB) --port $(PORT)

demo: setup $(DB) ## make the demo shop alone

test: $(VENV)/.ready-test ## run all tests, in a real browser too
	$(BIN)/python -m tests.browser --install
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.ready-test ## check style and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

bench: $(VENV)/.ready-test $(VENV)/.ready-bench ## measure speed, as ratios in one run
	$(BIN)/python -m tests.browser --install
	$(BIN)/python -m tests.bench

screenshots: $(VENV)/.ready-test ## take pictures of every page into screenshots/
	$(BIN)/python -m tests.browser --install
	$(BIN)/python -m pytest -k screenshots

clean: ## remove the environment and everything made by these targets
	rm -rf $(VENV) var screenshots *.egg-info .pytest_cache .hypothesis .ruff_cache .import_linter_cache

# pip compiles what it installs unless the environment forbids it, and an import from source costs four
# times the CPU, so bytecode is compiled here in any case.
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Shoplight needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another one: make PYTHON=python3.12 setup"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (a minute or two)"
	$(PIP) --editable .
	@$(COMPILE) || true
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	$(PIP) --editable ".[test]"
	@$(COMPILE) || true
	@touch $@

$(VENV)/.ready-bench: $(VENV)/.ready
	$(PIP) --editable ".[bench]"
	@touch $@

$(DB): | $(VENV)/.ready
	$(BIN)/shoplight demo --db $@
