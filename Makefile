# Everything starts here: `make replay`, `make test`. Needs make and a Python of 3.11 or newer.
# Without make (Windows, for instance) the same steps are in README.md.

VENV   := .venv
PY     := $(VENV)/bin/python
STAMP  := $(VENV)/.installed
BENCH  := $(VENV)/bench
# Where packages come from: the registry that pip knows, or a folder made by `make wheels`.
WHEELS ?=
SOURCE := $(if $(WHEELS),--no-index --find-links "$(WHEELS)")
TESTS  ?= tests
ARGS   ?=
# Random models that `make parity` compares.
N      ?= 10000
UPGRADE ?= --upgrade
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/lock/bin/uv pip compile --quiet pyproject.toml \
    --universal --python-version 3.11 --generate-hashes

.PHONY: help setup replay test lint types tests coverage test-coverage bench parity validation wheels lock dist clean

help:
	@echo "make replay         set up, then replay every scenario against its documented figures"
	@echo "make test           set up, then lint, types and all tests   (TESTS=tests/test_x.py: only these)"
	@echo "make setup          only prepare .venv   (WHEELS=folder: install without a network)"
	@echo "make wheels         download all packages into ./wheels"
	@echo "make coverage       the whole statistical proof of the intervals (long)"
	@echo "make test-coverage  which lines the tests run"
	@echo "make parity         both engines on 10000 random models (N=300: fewer; ARGS=--scenarios: the shipped)"
	@echo "make validation     the evidence tried on 600 invented offices of known truth (about half an hour)"
	@echo "make bench          speed and memory on this machine, beside other simulators"
	@echo "make dist           build the wheel and the source archive"
	@echo "make lock           pin the newest packages that pyproject.toml allows"
	@echo "make clean          remove .venv and caches"

setup: $(STAMP)

$(PY):
	@sh .ci/make-venv "$(VENV)" $(PYTHON)

# Installs only when a lock file or the project's own description changed.
$(STAMP): requirements-dev.lock pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check $(SOURCE) --require-hashes -r requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@

replay: setup
	$(PY) cli.py replay $(ARGS)

test: lint types tests

lint: setup
	$(VENV)/bin/ruff check .

types: setup
	$(VENV)/bin/mypy

tests: setup
	$(PY) -m pytest -n 2 $(TESTS) $(ARGS)

coverage: setup
	$(PY) -m pytest -n 2 --dist worksteal -m full $(TESTS) $(ARGS)

test-coverage: setup
	$(VENV)/bin/coverage run -m pytest $(TESTS) $(ARGS)
	$(VENV)/bin/coverage report

# In an environment of its own: see pyproject.toml. `python -m benchmarks` in .venv leaves Prosimos out.
bench: $(BENCH)/.installed
	$(BENCH)/bin/python -m benchmarks $(ARGS)

$(BENCH)/bin/python:
	@sh .ci/make-venv "$(BENCH)" $(PYTHON)

$(BENCH)/.installed: requirements-bench.lock pyproject.toml | $(BENCH)/bin/python
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check $(SOURCE) \
	    --require-hashes -r requirements-bench.lock
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps \
	    --no-build-isolation --editable .
	@touch $@

# Ends with the number of mismatches, and status 1 if there are any.
parity: setup
	$(PY) -m benchmarks.parity --models $(N) $(ARGS)

# Writes docs/validation.md; status 1 if a rate is not as it should be.
validation: setup
	$(PY) -m benchmarks.validation --write docs/validation.md $(ARGS)

wheels: $(PY)
	$(PY) -m pip download --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
	    -r requirements-dev.lock --dest wheels

dist: setup
	$(PY) -m hatchling build

# uv writes one lock for all systems and Pythons; it lives in an environment of its own.
# UPGRADE= (empty): only what pyproject.toml newly asks for, all other pins stay. The benchmarks' lock
# starts from the other and differs only where Prosimos asks for something older.
lock: $(PY)
	$(PY) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv
	$(COMPILE) $(UPGRADE) -o requirements.lock
	$(COMPILE) $(UPGRADE) --extra dev -c requirements.lock -o requirements-dev.lock
	cp requirements-dev.lock requirements-bench.lock
	$(COMPILE) --extra benchmarks -o requirements-bench.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
