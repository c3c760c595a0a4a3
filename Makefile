# Everything a fresh machine needs: Linux or macOS, Python 3.11 to 3.13, make. Nothing else is installed by hand.
#   make dataset   build outputs/tables from the dumps in raw/
#   make test      format, lint, types, tests

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

RAW ?= raw
OUTPUTS ?= outputs
PYTHON := $(shell tools/find-python)
RUN := .venv/bin
TEST := .venv-test/bin
PUBLISH := .venv-publish/bin
SPARK := .venv-spark/bin
VALIDATORS := .venv-validators/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DAGSTER_DISABLE_TELEMETRY := 1

.PHONY: help dataset test test-spark test-publish test-portals test-validators test-browser bench lint types docs lock clean
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 24

dataset: .venv/.ready ## build the dataset from raw/ into outputs/
	$(RUN)/chancery build --raw "$(RAW:~/%=$(HOME)/%)" --outputs "$(OUTPUTS:~/%=$(HOME)/%)"

test: .venv-test/.ready lint types test-publish test-validators ## format, lint, types and all tests
	$(TEST)/python -m pytest -n 2

test-publish: .venv-publish/.ready ## the tests of portals and object storage, which need their clients
	$(PUBLISH)/python -m pytest tests/publish/targets tests/storage

test-browser: .venv-test/.ready ## look at the report in a real browser; as root installs it where it is missing
	tools/browser
	CHANCERY_BROWSER=1 $(TEST)/python -m pytest tests/browser

test-validators: .venv-test/.ready .venv-validators/.ready ## what portals check releases with, offline, over a release
	$(TEST)/python -m tests.validators.make_releases .venv-validators/releases
	CHANCERY_RELEASES="$(CURDIR)/.venv-validators/releases" $(VALIDATORS)/python -m pytest tests/validators

test-portals: .venv-publish/.ready .venv-ckan/.ready ## publishing to a real CKAN (PostgreSQL and Redis from Debian)
	$(PUBLISH)/python -m pytest tests/portals

test-spark: .venv-spark/.ready ## the same tables from Spark on this machine, which needs Java 17 or newer
	$(SPARK)/python -m pytest tests/engines

bench: .venv-bench/.ready ## what the pipeline costs, against floors and other tools (hours; BENCH="--captures 2000" for one size)
	.venv-bench/bin/python -m benchmarks.run $(BENCH)

lint: .venv-test/.ready ## formatting and lint rules
	$(TEST)/ruff format --check .
	$(TEST)/ruff check .

types: .venv-test/.ready ## strict type check
	$(TEST)/mypy

# An environment is ready only when its last step is done, so an interrupted set-up is done again.
.venv/.ready: locks/run.txt pyproject.toml
	tools/make-environment .venv locks/run.txt "$(PYTHON)"

.venv-test/.ready: locks/test.txt pyproject.toml
	tools/make-environment .venv-test locks/test.txt "$(PYTHON)"

.venv-ckan/.ready: locks/ckan.txt
	tools/portal-services
	tools/make-environment .venv-ckan locks/ckan.txt "$(PYTHON)"

.venv-publish/.ready: locks/publish.txt pyproject.toml
	tools/make-environment .venv-publish locks/publish.txt "$(PYTHON)"

docs: .venv-test/.ready ## make the data dictionary and the outputs shown in README and docs/ anew
	$(TEST)/python -m schemas.render
	$(TEST)/python -m tests.docs

.venv-spark/.ready: locks/spark.txt pyproject.toml
	tools/make-environment .venv-spark locks/spark.txt "$(PYTHON)"

.venv-bench/.ready: locks/bench.txt pyproject.toml
	tools/make-environment .venv-bench locks/bench.txt "$(PYTHON)"

.venv-validators/.ready: locks/validators.txt pyproject.toml
	tools/make-environment .venv-validators locks/validators.txt "$(PYTHON)"

lock: ## resolve the locks anew from pyproject.toml
	tools/lock

clean: ## remove environments and outputs
	rm -rf .venv .venv-* outputs/tables outputs/work outputs/report outputs/dagster
