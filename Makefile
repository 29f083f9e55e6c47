# The doors of the house. `make` alone lists them. Needs Python 3.11 or newer, git and make; no root, no services.
# Once the locks are installed, nothing here touches the network.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check lint format types imports docs bench soak spelling locks clean

# The first of these that is at least 3.11; PYTHON=/path/to/python overrides it.
CANDIDATES := python3 python3.11 python3.12 python3.13 python3.14 python
PYTHON ?= $(shell for name in $(CANDIDATES); do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

BIN := .venv/bin
INSTALL := $(BIN)/python tools/install.py
PACKAGES := kohorte/pyproject.toml stammkunde/pyproject.toml
WORDS := stammkunde/src/stammkunde/locale/de/LC_MESSAGES/django.po

# Tools read the settings of the product; none of them serves anybody.
export STAMMKUNDE_DEBUG = 1
export NO_MKDOCS_2_WARNING = 1
export PYTHONUTF8 = 1

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done

setup: .venv/.dev .venv/.data ## install everything for work on the project into .venv

demo: .venv/.run $(WORDS:.po=.mo) ## open the product with two years of a real shop on this machine, PORT=8001 elsewhere than 8000, ONLY_FILL=1 to fill it and not open it
	@$(BIN)/stammkunde demo --folder build/shop $(if $(PORT),--port $(PORT)) $(if $(ONLY_FILL),--only-fill)

check: .venv/.dev ## everything that must be green before a commit
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint types imports docs spelling
	@$(MAKE) --no-print-directory test

lint: .venv/.dev ## style and common faults (ruff)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

format: .venv/.dev ## rewrite the code in the house style
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

types: .venv/.dev ## mypy, strict
	@$(BIN)/mypy

imports: .venv/.dev ## the architecture's contracts (import-linter)
	@$(BIN)/lint-imports

docs: .venv/.dev ## build the documentation of both languages into build/docs, warnings are errors
	@mkdir -p build
	@$(BIN)/mkdocs build --strict >build/docs.log 2>&1 || { cat build/docs.log; exit 1; }
	@echo "Documentation: build/docs/index.html"

spelling: .venv/.dev ## German and English spelling (hunspell)
	@$(BIN)/python tools/spelling.py

test: .venv/.dev .venv/.data ## all tests, each on one of the stores; under CI on both, and the slow ones
	@$(if $(CI),,ONE_STORE=1) $(BIN)/pytest -n 2 -m "$(if $(CI),not soak,not slow and not soak)"

soak: .venv/.dev .venv/.data ## every test, the longest as well
	@$(BIN)/pytest -n 2

bench: .venv/.dev .venv-peers/.peers ## speed and memory against peers, ONLY=name for one, ROWS=1000000, WRITE=1 to keep the tables
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(ROWS),--rows $(ROWS)) $(if $(WRITE),--write)

locks: ## resolve requirements/*.in anew (needs uv and the network)
	@sh tools/locks.sh

clean: ## remove what was built; environments stay
	@rm -rf build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# Environments. A stamp is younger than the locks it was installed from, so a second run does nothing.

.venv/.created:
	@$(if $(PYTHON),,echo "No Python 3.11 or newer was found. Install one, or name it: make PYTHON=/path/to/python" >&2; exit 1)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot create environments (on Debian and Ubuntu: install the package python3-venv)." >&2; exit 1; }
	@echo "Creating .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: .venv/.created requirements/run.lock $(PACKAGES)
	@$(INSTALL) requirements/run.lock kohorte stammkunde
	@$(BIN)/python -m tools.messages
	@touch $@

$(WORDS:.po=.mo): $(WORDS) .venv/.run
	@$(BIN)/python -m tools.messages
	@touch $@

.venv/.dev: .venv/.run requirements/dev.lock
	@$(INSTALL) requirements/dev.lock
	@touch $@

# Without what they need to run, and where Python does not look for them.
.venv/.data: .venv/.created requirements/data.lock
	@$(INSTALL) requirements/data.lock --into .venv/data
	@touch $@

.venv/.engines: .venv/.dev requirements/engines.lock
	@$(INSTALL) requirements/engines.lock
	@touch $@

.venv-peers/.peers: requirements/peers.lock .venv/.created
	@test -x .venv-peers/bin/python || $(BIN)/python -m venv .venv-peers
	@.venv-peers/bin/python tools/install.py requirements/peers.lock
	@touch $@
