# Two commands: `make run` sets everything up and starts the platform; `make test` sets up and passes every test.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.13 python3.12; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: run test setup renew bench lint lock clean

run: setup
	@exec $(BIN)/anlan run

# Python and web packages side by side: half the time of a first start is waiting for one or the other.
MAKEFLAGS += --jobs=2 --no-print-directory
MESSAGES := src/anlan/site/locale/en/LC_MESSAGES/django.mo

setup: .venv/.ready web/dist/.ready $(MESSAGES)

.venv/.ready: requirements.lock requirements-uv.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "Anlan needs Python 3.12 or newer: install it, or name it with 'make PYTHON=/path/to/python3.12 …'"; exit 1; }
	@echo "Installing Python packages…"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-uv.lock
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock requirements-uv.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(MESSAGES): .venv/.ready $(wildcard src/anlan/site/locale/en/*/*.po)
	@$(BIN)/anlan messages >/dev/null

web/node_modules/.ready: web/package.json web/package-lock.json
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' || { echo "Anlan needs Node 20 or newer"; exit 1; }
	@echo "Installing web packages…"
	@cd web && npm ci --silent --no-audit --no-fund
	@touch $@

WEB_SOURCES := $(shell find web src/anlan -path web/node_modules -prune -o -path web/dist -prune -o \( -name '*.ts' -o -name '*.css' -o -name '*.html' -o -name 'lists.py' -o -name 'vite.config.*' \) -print 2>/dev/null)
web/dist/.ready: web/node_modules/.ready $(WEB_SOURCES)
	@echo "Building web assets…"
	@cd web && npx --no-install vite build --logLevel warn
	@touch $@

# The files of tests/, few and long, go first: the many short ones fill what time is left at the end.
test: setup lint
	@cd web && npx --no-install tsc --noEmit && npx --no-install vitest run --reporter dot
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	@echo "The same on PostgreSQL…"
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --database=postgresql

lint: .venv/.ready
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

# Pages and golden files made from the code: docs/commands.md, docs/states, docs/decisions/README.md, query counts …
renew: setup
	@RENEW=yes $(BIN)/python -m pytest tests/house

bench: setup
	@$(BIN)/python -m benchmarks

lock:
	@$(BIN)/uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links pyproject.toml --group dev -o requirements.lock
	@echo uv | $(BIN)/uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links - -o requirements-uv.lock

clean:
	rm -rf .venv web/node_modules web/dist
