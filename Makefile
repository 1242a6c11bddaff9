# foodtrace: every recipe works on a machine with only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
RUN := $(VENV)/bin
DEMO_FLAGS := $(if $(ONCE),--once) $(if $(BROKER),--broker $(BROKER))
# Two processes, whole files each: tests of one file share what they started. Many start a stack of
# their own with a time to come up in, so more at once fail where a container has fewer cores than
# it sees.
PYTEST_FLAGS ?= --numprocesses auto --maxprocesses 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup demo up test check format docs bench chaos clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

# uv comes from the package index, so nothing but Python is needed beforehand.
$(UV):
	$(PYTHON) -c 'import sys; sys.exit("foodtrace needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.synced: pyproject.toml uv.lock | $(UV)
	VIRTUAL_ENV=$(VENV) $(UV) sync --frozen --quiet --python $(RUN)/python
	@touch $@

setup: $(VENV)/.synced ## install everything into .venv

demo: setup ## start the stack, play a city day, run two recalls (ONCE=1 ends it afterwards)
	$(RUN)/foodtrace demo $(DEMO_FLAGS)

up: setup ## start the embedded stack and keep it running
	$(RUN)/foodtrace up

test: check ## lint, types, layers and every test
	$(RUN)/pytest $(PYTEST_FLAGS)

check: setup ## ruff, mypy strict, import-linter, lock file
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	VIRTUAL_ENV=$(VENV) $(UV) lock --check --quiet --python $(RUN)/python

format: setup ## put imports and layout in order
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

docs: setup ## write docs/reference.md from the tables in the code
	$(RUN)/python -m foodtrace_deploy.reference > docs/reference.md

bench: setup ## print measured rates and latencies beside a stated rival (takes minutes)
	$(RUN)/python -m pytest -q -s tests/bench -o python_files='bench_*.py' -p no:cacheprovider
	$(RUN)/python tests/bench/bench_streams.py

# The last line is the verdict; SEED gives the same schedule again. 200000 events and 30 kills take
# about a quarter of an hour on two cores, with nothing else running.
chaos: setup ## kill, freeze and cut off every part while a city plays (EVENTS, KILLS, SEED)
	cd tests && ../$(RUN)/python -m support.chaos --events $(or $(EVENTS),20000) --kills $(or $(KILLS),12) --seed $(or $(SEED),7)

clean: ## remove what was installed and what the demo left
	rm -rf $(VENV) .foodtrace
