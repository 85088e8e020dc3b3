# From a fresh clone, `make audit` and `make test` do everything they need. `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $(p))))
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
READY := $(VENV)/.ready
WORKERS ?= 2
OUT ?= out

# What `make audit` audits; read from the environment, so that any address survives the shell.
TARGET ?=
export TARGET

.PHONY: help install audit test quick golden lint format types layers bench eval learn wheel lock clean

help:  ## List the targets
	@sed -n 's/^\([a-z][a-z ]*\):.*##/  make \1 -/p' Makefile

$(VENV)/.locked: requirements.txt
	@if [ -z "$(PYTHON)" ]; then echo "make: no Python 3.11 to 3.13 on the PATH; install one or set PYTHON=…" >&2; exit 2; fi
	@echo "Installing the locked dependencies into $(VENV) (once; a minute or two) …" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

$(READY): $(VENV)/.locked pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

install: $(READY)  ## Create .venv with the locked dependencies and this project

audit: $(READY)  ## Audit the example site, or TARGET="https://… or a path"
	@mkdir -p $(OUT)
	@if [ -n "$$TARGET" ]; then \
		$(BIN)/claims-audit audit --fail-on never --output html=$(OUT)/report.html -- "$$TARGET"; \
	else \
		$(BIN)/claims-audit audit --fail-on never --output html=$(OUT)/report.html --config examples/claims-audit.toml; \
	fi
	@echo "The same report for the browser: $(OUT)/report.html" >&2

test: $(READY)  ## Run the whole test suite
	@$(BIN)/python -m pytest -q -n $(WORKERS)

quick: $(READY)  ## Run the tests that take no more than a few seconds
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow and not browser"

golden: $(READY)  ## Write the expected reports on the example site anew, when a change is meant
	@CLAIMS_AUDIT_GOLDEN=write $(BIN)/python -m pytest -q tests/test_golden_site.py
	@git --no-pager diff --stat -- tests/golden

lint: $(READY)  ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "ruff format: run 'make format'" >&2; exit 1; }

format: $(READY)  ## Rewrite the code in the house's format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

types: $(READY)  ## Check the types (mypy strict)
	@$(BIN)/mypy

layers: $(READY)  ## Check that imports run pipeline, reports, claims and never back
	@$(BIN)/lint-imports

bench: $(READY)  ## Measure the speed
	@$(BIN)/python -m benchmarks.speed

eval: $(READY)  ## Score against the project's own labelled statements; ARGS="--errors" lists each mistake
	@$(BIN)/python -m benchmarks.evaluate $(ARGS)

learn: $(READY)  ## Learn the second reader's weights anew; ARGS="--unseen DIR" adds labelled pages of your own
	@$(BIN)/python -m benchmarks.learn $(ARGS)

wheel: $(READY)  ## Build the wheel, install it into a clean environment, run it from another folder
	@$(BIN)/python .ci/wheel_check.py

lock:  ## Lock the dependencies anew, with hashes and without naming any index (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--all-extras pyproject.toml --output-file requirements.txt

clean:  ## Remove what the targets above made
	@rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
