# Needs Python 3.11 or newer with its venv module, and make. `make run` and `make test` install what they need into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: run test check fuzz bench image examples routes test-all lock clean

run: $(VENV)/.run
	@$(BIN)/sms-emulator serve

# One process per core; a single test is quicker without: .venv/bin/pytest tests/...
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The control API against its own description.
fuzz: $(VENV)/.dev
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/sms-emulator exec -- python scripts/fuzz 60

examples: $(VENV)/.run
	$(BIN)/sms-emulator examples

routes: $(VENV)/.run
	$(BIN)/sms-emulator routes

# Needs wrk (Debian: apt-get install wrk).
bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

# Builds and checks the container image without a container engine; see the script for what it needs.
image:
	scripts/check-image

# The suite on every supported Python found on this machine, each in a venv of its own.
test-all:
	@for version in 3.11 3.12 3.13 3.14; do \
	  if python$$version -c '' 2>/dev/null; then \
	    echo "== Python $$version"; \
	    $(MAKE) --no-print-directory test PYTHON=python$$version VENV=.venv-$$version || exit 1; \
	  else echo "== Python $$version is not on this machine"; fi; \
	done

# The lock files name every package and its hash, but no package index: whichever pip is set up to use will do.
lock: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --extra test --extra check -o requirements-dev.lock pyproject.toml

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sms-emulator needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis
