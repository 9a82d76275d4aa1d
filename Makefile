# `make demo` and `make test` set everything up by themselves; the rest is for those who work on the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out

.PHONY: demo test soak lint docs bench bench-full clean

demo: $(VENV)/.run
	$(BIN)/stockpile solve instances/project-vault --gap 0.0025 -o $(OUT)/project-vault
	$(BIN)/stockpile audit instances/project-vault $(OUT)/project-vault

test: $(VENV)/.dev lint
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

# Checks that take longer than a change should wait.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -q -m soak

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

bench-full: $(VENV)/.bench
	$(BIN)/python -m benchmarks --full

docs: $(VENV)/.dev
	$(BIN)/python -m stockpile.instance.document
	$(BIN)/python -m stockpile.report.formulation
	$(BIN)/python -m stockpile.study.batch.document

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.run

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $@

clean:
	rm -rf $(VENV) $(OUT)
