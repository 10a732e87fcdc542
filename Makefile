# Everything runs from the project's own virtualenv; what a machine needs is Python 3.11 or newer,
# make and git. `make demo` shows Ratebook, `make test` is the gate.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := demo
.PHONY: install demo demo-reset chromium format format-check lint types imports templates deploy-check \
	migrations-check static-checks test test-long properties bench cases lock clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PY := $(BIN)/python
ARGS ?=

# The files that the web server hands out are collected again only when one has changed.
STATIC_FILES := $(shell find static -type f 2>/dev/null)
COLLECTED := $(or $(RATEBOOK_DATA),.data)/static/.collected

# Dozens of processes start: none of them is to compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

DEMO_ENV := HTTPS=False ENVIRONMENT=demo BUSINESS_CLOCK_MOVABLE=True
# Tests have servers of their own, started without fsync; DATABASE_URL and REDIS_URL overrule.
TEST_ENV := RATEBOOK_DATA="$(CURDIR)/.data/test" HTTPS=False SECRET_KEY=tests-only BUSINESS_CLOCK_MOVABLE=True
DEPLOY_ENV := HTTPS=True ENVIRONMENT=production DEBUG=False BUSINESS_CLOCK_MOVABLE=False ALLOWED_HOSTS=example.org \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')
WITH_SERVERS := $(TEST_ENV) $(PY) -m config.tools.with_servers

# ---- set-up

install:
	@if test -z "$(PYTHON)"; then echo "Ratebook needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi
	@"$(PYTHON)" config/tools/install.py

.venv: install

# ---- the demo

demo: install
	@$(DEMO_ENV) $(PY) manage.py embedded start
	@$(MAKE) $(COLLECTED)
	@$(DEMO_ENV) $(PY) manage.py migrate --noinput --verbosity 0
	@$(DEMO_ENV) $(PY) manage.py demo $(ARGS)

$(COLLECTED): $(STATIC_FILES) .venv/installed
	@$(DEMO_ENV) $(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@

demo-reset: install
	@$(DEMO_ENV) $(PY) manage.py embedded erase --yes
	@$(MAKE) demo ARGS="$(ARGS)"

# ---- the gate

format: install
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/djlint --quiet --reformat templates

format-check: install
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted: make format" >&2; exit 1; }

lint: install
	@$(BIN)/ruff check --quiet .

types: install
	@$(TEST_ENV) $(BIN)/mypy --no-error-summary .

imports: install
	@said=$$($(TEST_ENV) $(BIN)/lint-imports 2>&1) || { echo "$$said" >&2; exit 1; }

templates: install
	@said=$$($(BIN)/djlint --check --lint templates 2>&1) || { echo "$$said" >&2; exit 1; }

deploy-check: install
	@$(DEPLOY_ENV) $(PY) manage.py check --deploy --fail-level WARNING

migrations-check: install
	@$(WITH_SERVERS) $(PY) manage.py makemigrations --check --dry-run

static-checks: format-check lint types imports templates deploy-check migrations-check

chromium: install
	@$(PY) config/tools/chromium.py

test: chromium
	@$(MAKE) --jobs=2 static-checks
	@$(WITH_SERVERS) $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS)

test-long: chromium
	@$(WITH_SERVERS) $(PY) -m pytest -q -m long $(ARGS)

properties: install
	@$(TEST_ENV) $(PY) -m tests.oracle $(ARGS)

bench: install
	@$(WITH_SERVERS) --durable $(PY) -m tests.benchmarks $(ARGS)

cases: install
	@$(TEST_ENV) $(PY) -m tests.cases $(ARGS)

# ---- upkeep

lock: install
	@$(BIN)/uv pip compile pyproject.toml --quiet --extra dev --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-header --output-file requirements.txt $(ARGS)

clean:
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
