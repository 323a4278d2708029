# What a person types. Everything is set up in $(VENV), inside this checkout; nothing outside it is touched
# except that `make demo` and `make test` may install the distribution's own packages (python3-venv, chromium, postgresql, postgis).

VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= outputs
JOBS   ?= 2
DURATION ?= 3600
LOCK   ?=
PYTEST := $(BIN)/python -m pytest

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check docs lint format bench fuzz audit lock test-lowest clean

help:  ## Say what each target does
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 14

demo: $(VENV)/.installed  ## Build the map of the example reports into outputs/
	$(BIN)/sahel-map build examples/reports --out $(OUT)
	@echo
	@echo "The map:        $(abspath $(OUT))/map.html  (open it in any browser; no internet needed)"
	@echo "The incidents:  $(abspath $(OUT))/incidents.csv and incidents.geojson"
	@echo "The audit trail: $(abspath $(OUT))/mentions.csv, evidence.csv and tolls.csv"

test: $(VENV)/.tested  ## Set up what tests need, headless Chromium and PostGIS included, and run them all
	scripts/chromium
	scripts/postgis
	$(PYTEST) -n $(JOBS)

check: lint  ## The quick loop: format, lint, types, import contracts, tests without the browser
	$(PYTEST) -n $(JOBS) -m "not browser and not slow" -q

docs: $(VENV)/.tested  ## Build the documentation site into build/site, strictly and without network
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "The site: $(abspath build/site)/index.html"

lint: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.tested  ## Put the code into the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.tested  ## Measure speed beside its peers and print the ratios (the coded sets: benchmarks/RESULTS.md)
	$(BIN)/python -m pip install --quiet --group bench
	@set -e; for script in peers boundaries lookups bench_maps bench_exchange "growth --most 30000" "scale 5000"; do \
	  echo "== $$script"; set -- $$script; name=$$1; shift; $(BIN)/python benchmarks/$$name.py $$@; done

fuzz: $(VENV)/.tested  ## Fuzz every reader for DURATION seconds each (an hour); crashes go into build/fuzz
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python fuzz/run.py --seconds $(DURATION)

audit: $(VENV)/.tested  ## Ask for known weaknesses of the locked dependencies; needs the network
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/python -m pip_audit --requirement requirements-dev.lock --require-hashes --disable-pip

lock:  ## Lock the environment of the tests anew, by version and hash
	scripts/venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	build/lock/bin/uv pip compile pyproject.toml --group dev --all-extras --python-version 3.11 --universal --upgrade \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements-dev.lock

test-lowest:  ## Run the tests with the oldest dependencies pyproject.toml allows
	scripts/venv build/lowest
	build/lowest/bin/python -m pip install --quiet uv
	build/lowest/bin/uv pip install --quiet --python build/lowest/bin/python --resolution lowest-direct -e . --group test
	build/lowest/bin/python -m pytest -n $(JOBS) -m "not browser and not slow" -q -W default

clean:  ## Remove what the other targets made
	rm -rf $(VENV) build dist

$(VENV)/.installed: pyproject.toml scripts/venv
	scripts/venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(if $(LOCK),$(BIN)/python -m pip install --quiet --require-hashes --requirement $(LOCK))
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@
