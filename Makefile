# A bare `make` explains the targets. Everything is installed inside this folder:
# `.venv` (Python and packages), `.tools` (uv, where the machine has none).

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell .ci/pythons --default)
NEEDS_PYTHON = python="$(PYTHON)"; : "$${python:?Samplewise needs Python 3.11, 3.12 or 3.13, none was found}";
VENV ?= .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m

# uv 0.10 is the oldest that reads the whole of pyproject.toml.
UV := $(shell .ci/uv-on-path 0.10 || echo .tools/bin/uv)
# Use the interpreters of this machine, never fetch one.
export UV_PYTHON_DOWNLOADS := never

# One thread a process: two test workers that each take all cores only wait for each other.
TEST_ENV := OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1}
TEST := $(TEST_ENV) $(RUN) pytest

.PHONY: help
help:
	@echo "Samplewise. Targets:"
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

# --- installation -----------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.installed web ## make .venv with every package of requirements.lock, and Samplewise itself

.tools/bin/uv:
	@$(NEEDS_PYTHON) \
	"$$python" -m venv .tools || { \
	  echo "Error: $$python cannot make virtual environments." >&2; \
	  echo "Hint: install its venv module (Debian, Ubuntu: the package python3-venv), or put uv on PATH." >&2; \
	  rm -rf .tools; exit 1; }
	.tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.10'

$(VENV)/.packages: requirements.lock | $(UV)
	@$(NEEDS_PYTHON) \
	$(BIN)/python -c '' 2>/dev/null || $(UV) venv --clear --python "$$python" $(VENV)
	$(UV) pip sync --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.packages pyproject.toml | $(UV)
	$(UV) pip install --python $(BIN)/python --no-deps --editable .
	@touch $@

.PHONY: web
web: $(VENV)/.installed ## build the dashboard, if its sources have changed
	@$(BIN)/python web/build.py

.PHONY: web-types
web-types: $(VENV)/.installed ## write web/src/wire.ts from the messages of the server
	$(BIN)/python web/generate_wire.py

.PHONY: lock
lock: | $(UV) ## resolve the dependencies anew and write requirements.lock
	$(UV) lock --upgrade
	$(UV) export --quiet --all-extras --all-groups --no-emit-project --output-file requirements.lock

# --- tests ------------------------------------------------------------------

.PHONY: test
test: setup ## run the tests
	$(TEST) -n 2 --dist loadfile $(ARGS)

.PHONY: test-shapes
test-shapes: setup ## run the tests of arrays again, every array shape checked
	$(TEST) -n 2 --dist loadfile --jaxtyping-packages=samplewise,beartype.beartype \
	  $(wildcard $(addprefix tests/,schema metrics embeddings reference)) $(ARGS)

.PHONY: test-all
test-all: | $(UV) ## run the tests on every Python from 3.11 to 3.13 found here
	@set -e; .ci/pythons | while read -r version python; do \
	  echo "== Python $$version: $$python"; \
	  $(MAKE) --no-print-directory test VENV=.venv-$$version PYTHON=$$python </dev/null; \
	done

.PHONY: test-faults
test-faults: setup ## kills, power losses, full and failing disks, fifty times each (half an hour)
	SAMPLEWISE_FAULT_ROUNDS=50 $(TEST) -m "slow or not slow" tests/faults $(ARGS)

.PHONY: test-install
test-install: setup ## follow the README with pip on Python 3.11 and 3.12, up to a training that runs (slow)
	$(TEST) -m slow tests/install -s $(ARGS)

.PHONY: test-docs
test-docs: setup ## run the trainings of the documentation until they have learnt their pictures by heart (ten minutes)
	$(TEST) -m slow -s tests/integration/super_gradients/test_documented_examples.py tests/examples/test_readme.py $(ARGS)

.PHONY: bench
bench: setup ## run every benchmark
	@for question in benchmarks/[a-z]*.py; do \
	  [ -e "$$question" ] || { echo "no benchmarks yet"; break; }; \
	  echo "== $$question"; $(BIN)/python $$question || exit 1; \
	done

# --- the house --------------------------------------------------------------

.PHONY: lint
lint: setup ## check style, types and import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/python web/check.py

.PHONY: format
format: setup ## format the code and mend what can be mended
	$(BIN)/ruff check --fix-only --exit-zero --quiet .
	$(BIN)/ruff format .

.PHONY: hooks
hooks: setup ## let git run the quick checks before each commit
	$(BIN)/prek install

# --- to show and to ship ----------------------------------------------------

.PHONY: demo
demo: setup ## draw a dataset, train on it with the callback, show the worst images
	$(BIN)/samplewise demo --folder .demo --root .demo/store $(ARGS)

.PHONY: screenshots
screenshots: setup ## take pictures of every page of the dashboard, of the store that `make demo` makes
	$(BIN)/python web/screenshots.py $(ARGS)

.PHONY: wheel
wheel: setup ## build a wheel into dist/ and try it in an empty virtual environment
	rm -rf dist build/wheel-venv
	$(UV) build --wheel --quiet --out-dir dist
	$(UV) venv --quiet --python $(BIN)/python build/wheel-venv
	$(UV) pip install --quiet --python build/wheel-venv/bin/python dist/*.whl
	cd build && wheel-venv/bin/python -I ../tests/install/smoke.py wheel-venv/bin/samplewise
	@ls -l dist/*.whl

.PHONY: clean
clean: ## remove what was built, but not .venv and .tools
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
