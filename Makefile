# One word per chore. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help demo run test proof lint sure services test-services bench build wheel lock clean

help: ## what there is to do
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.runs static/manifest.json ## a served product with a demo company, on http://127.0.0.1:8000
	@$(BIN)/assetlib demo --port $(PORT)

run: $(VENV)/.runs static/manifest.json ## web server and worker on the database as it is
	@$(BIN)/assetlib demo --port $(PORT) --keep-data

test: $(VENV)/.tests static/manifest.json ## everything that can be proven here, small counts
	@scripts/test

proof: $(VENV)/.tests static/manifest.json ## the large counts: kills, races, long state machines
	@scripts/proof

lint: $(VENV)/.tests ## style, types, and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

sure: lint test ## lint and test

services: $(VENV)/.tests ## PostgreSQL and an S3 server on loopback, until Ctrl-C
	@scripts/services run -- sh -c 'env | grep ^ASSETLIB_TEST_; echo "Ctrl-C ends them."; while :; do sleep 60; done'

test-services: $(VENV)/.tests static/manifest.json ## the contract suites on PostgreSQL and a real S3 server
	@scripts/test-services

bench: $(VENV)/.tests static/manifest.json ## the figures, each as a ratio against its target
	@scripts/bench

build: static/manifest.json ## styles, scripts, fonts and icons into static/

wheel: $(VENV)/.runs static/manifest.json ## what people install, into dist/
	@scripts/wheel

lock: ## renew the lock files from pyproject.toml
	@scripts/lock

clean: ## remove what can be made again; var/ stays
	rm -rf $(VENV) static frontend/node_modules

# A stamp is written last, so a half-made environment is made again.
$(VENV)/.runs: requirements/build.txt requirements/run.txt pyproject.toml
	@scripts/environment run

$(VENV)/.tests: requirements/build.txt requirements/test.txt pyproject.toml
	@scripts/environment test

static/manifest.json: frontend/package-lock.json $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null)
	@scripts/build
