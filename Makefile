# Every target works in a fresh clone: the environment is made when it is missing or out of date.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
WORKERS ?= 2
CODE := wifctl tests tools

.PHONY: help setup demo test check format docs bench soak lock

help: ## Say what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## Make .venv with everything in it

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "wifctl needs Python 3.11 or newer" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q wifctl
	touch $@

demo: $(STAMP) ## Plan, apply and plan again on the local target
	@tools/demo.sh $(BIN)/wifctl manifests/github-actions

test: $(STAMP) ## Run the tests (those that drive real gcloud belong to check)
	$(BIN)/python -m pytest -n $(WORKERS) -m "not soak and not gcloud"

check: $(STAMP) ## Formatting, lint, types, documents, the rules of the house
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/python -m tools.docs --check
	$(BIN)/python -m pytest tests/house
	$(BIN)/python -m pytest -n $(WORKERS) -m gcloud -rs -p tools.gcloud_guard tests

format: $(STAMP) ## Format the code
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

docs: $(STAMP) ## Write docs/reference/ and schemas/ anew
	$(BIN)/python -m tools.docs

bench: $(STAMP) ## Measure the budgets
	$(BIN)/python -m tools.bench

soak: $(STAMP) ## The long tests
	$(BIN)/python -m pytest -m soak

lock: $(STAMP) ## Write requirements.lock anew
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --group dev \
		--generate-hashes --no-emit-index-url --no-annotate --no-header \
		-o requirements.lock pyproject.toml
