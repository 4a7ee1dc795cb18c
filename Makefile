# The words that people type. Everything runs in .venv, made from requirements.lock; tests and
# benchmarks add what requirements-dev.lock holds besides.

PYTHON ?= python3
BIN = .venv/bin
READY = .venv/.ready
READY_DEV = .venv/.ready-dev
READY_AUDIT = .venv-audit/.ready
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --compile
# Tests of one file share what they build, so a file stays on one core; the dearest files come first.
SPREAD = -n auto --dist loadfile --no-loadscope-reorder
RESOLVE = uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url

.PHONY: help book test check-types check-rest test-slow test-all review study bench serve notebooks reference lint lock audit clean

help: ## Show these words
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

book: $(READY) ## Run what changed, build the books, publish them to _build/site
	$(BIN)/kingston build

test: $(READY_DEV) ## Lint, check types and data, run the tests, hold the notebooks to their stored outputs
	$(MAKE) --jobs=2 --output-sync=target check-types check-rest
	$(BIN)/pytest $(SPREAD) $(MARKED)
	$(BIN)/kingston run --edition 2008
	$(BIN)/pytest -n auto --dist loadscope --nbval notebooks

# Types take one core longest, so the rest is checked beside them.
check-types: $(READY_DEV)
	$(BIN)/mypy

check-rest: $(READY_DEV)
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/kingston check data

test-slow: $(READY_DEV) ## Run the tests that take minutes: killed runs, clusters, other clocks
	$(BIN)/pytest -m slow $(SPREAD)

test-all: MARKED = -m ""
test-all: test ## Run both in one go: what they share is built once

review: $(READY) ## Run what changed, then every executed page again with nbval, and report what differs
	$(BIN)/kingston run
	$(BIN)/kingston review

study: $(READY) ## Try the methods on made-up series, the hypotheses on all boroughs; write both to data/tables
	$(BIN)/python -m kingston_analysis.study

bench: $(READY_DEV) ## Measure the runner against its peers and print the table of ratios
	$(BIN)/python -m tests.benchmarks

serve: $(READY) ## Show the published books on this machine
	$(BIN)/kingston serve

notebooks: $(READY) ## Run the templates with their defaults and store the outputs that `make test` holds
	$(BIN)/kingston run --edition 2008
	$(BIN)/python -m kingston_analysis.pages.store

reference: $(READY) ## Write what a notebook may use, from the docstrings, to docs/reference.md
	$(BIN)/python -m kingston_analysis.commands.reference > docs/reference.md.new
	mv docs/reference.md.new docs/reference.md

lint: $(READY_DEV) ## Mend what ruff can mend
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: ## Resolve both locks anew from pyproject.toml (needs uv)
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(RESOLVE) --extra build --output-file requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(RESOLVE) --constraints requirements.lock \
		--extra build --extra cluster --extra dev --output-file requirements-dev.lock

audit: $(READY_AUDIT) ## List what the environment is made of (CycloneDX), and ask for its known weaknesses
	mkdir -p _build
	.venv-audit/bin/cyclonedx-py requirements requirements.lock --output-reproducible \
		--output-format JSON --output-file _build/sbom.cdx.json
	@echo "Wrote _build/sbom.cdx.json"
	@.venv-audit/bin/pip-audit --requirement requirements.lock --disable-pip --require-hashes --strict || \
		{ echo "Above are weaknesses, or, where it names an error, what it could not find out: no"; \
		echo "source of advisories answered for it, so whether it has weaknesses is not known."; exit 1; }

clean: ## Remove everything that was built, the environment too
	rm -rf _build .venv .venv-audit

# The stamp comes last, so that an environment left half made is made anew.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: sudo apt install python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing: sudo apt install python3-venv"; exit 1; }
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(INSTALL) --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--editable .
	touch $(READY)

$(READY_DEV): $(READY) requirements-dev.lock
	$(INSTALL) --requirement requirements-dev.lock
	touch $(READY_DEV)

# Tools that only look at the locks: apart, so that the book's environment stays light.
$(READY_AUDIT): requirements-audit.txt
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet --disable-pip-version-check --requirement requirements-audit.txt
	touch $(READY_AUDIT)
