# Every command a person needs; `make` alone lists them. A second call does only what changed (stamp files).

PY ?= python3
PORT ?= 8000
PORTAL_URL ?= http://127.0.0.1:$(PORT)
VAR_DIR ?= var
VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
MANAGE := $(PYTHON) manage.py
INSTALL := $(BIN)/uv pip install -q --python $(PYTHON) --compile-bytecode --require-hashes
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(ARGS)
# Independent steps side by side: Python packages and npm packages come from different places.
TOGETHER := $(MAKE) --no-print-directory -j4
# The machine's npm; where there is none, or node is too old for package.json, one in $(VENV).
NODE := $(shell command -v npm >/dev/null && \
	node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || echo $(VENV)/.node)
NPM := $(if $(NODE),PATH="$(CURDIR)/$(BIN):$$PATH") npm
# Folders that hold Python code of ours, in the order of the arrows (docs/architecture.md).
CODE := leads templates_app accounts leadportal
# What `check --deploy` looks at: an installation on the web, never a real one.
DEPLOYED := env DEBUG=0 PORTAL_URL=https://portal.example.com MAIL_URL=smtp://mail.example.com \
	DATABASE_URL=postgres://portal@db.example.com/portal SECRET_KEY=only-for-check-deploy-0123456789-abcdefghijklmnopqrstuvwxyz
# The embedded database, whatever the shell says.
EMBEDDED := env -u DATABASE_URL

export PORTAL_URL
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup setup-files tools tools-files demo serve test test-quick check format bench \
	screenshots lock clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 21

# --- Set-up ---------------------------------------------------------------------------------------

setup: ## Make the virtual environment and the front-end files
	@$(TOGETHER) setup-files

tools: # What tests and checks need
	@$(TOGETHER) tools-files

setup-files: $(VENV)/.base $(VAR_DIR)/.collected
	@:

tools-files: $(VENV)/.dev var/vendor/.stamp
	@:

$(VENV)/.uv: requirements/uv.txt
	@command -v $(PY) >/dev/null || { echo "Python is missing: apt-get install python3 python3-venv"; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PY=python3.11 ..."; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	$(PY) -m venv --clear $(VENV)
	$(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.base: requirements/base.txt $(VENV)/.uv
	$(INSTALL) -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/.node: requirements/assets.txt $(VENV)/.uv
	$(INSTALL) -r requirements/assets.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json .npmrc $(NODE)
	$(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# Directories are listed too: a deleted file changes the time of its directory.
var/vendor/.stamp: scripts/vendor.py node_modules/.stamp $(VENV)/.base $(shell find static 2>/dev/null)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PYTHON) scripts/vendor.py
	@touch $@

# Hashed and compressed, as an installation serves them.
$(VAR_DIR)/.collected: var/vendor/.stamp $(VENV)/.base
	$(EMBEDDED) DEBUG=0 $(MANAGE) collectstatic --no-input --clear -v 0
	@touch $@

# --- Run ------------------------------------------------------------------------------------------

demo: setup ## Start the portal with demo data on the embedded database (PORT=8000)
	@$(EMBEDDED) $(MANAGE) migrate -v 0
	@$(EMBEDDED) $(MANAGE) seed_demo
	@$(EMBEDDED) $(PYTHON) -m scripts.serve $(PORT)

serve: setup ## Start server and worker on the database of DATABASE_URL, without demo data
	@$(MANAGE) migrate -v 0
	@$(PYTHON) -m scripts.serve $(PORT)

bench: setup tools ## Measure the pages with 2,000 and 200,000 leads (PostgreSQL)
	$(PYTHON) -m scripts.bench $(ARGS)

screenshots: setup tools ## Make the pictures of the README (Chromium)
	$(PYTHON) -m scripts.screenshots $(ARGS)

# --- Test -----------------------------------------------------------------------------------------

test: tools ## Run every test on SQLite and PostgreSQL (ARGS="-k name")
	@$(PYTHON) -m scripts.test $(ARGS)

test-quick: tools ## Run the tests on SQLite without the browser (ARGS="-k name")
	@$(PYTHON) -m scripts.test --quick $(ARGS)

check: tools ## Check format, lint, templates, types, layers, settings, migrations
	$(BIN)/ruff format --check --quiet --output-format concise .
	$(BIN)/ruff check --quiet --output-format concise .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --cache-dir var/cache/import-linter
	$(BIN)/bandit -q -c pyproject.toml -r $(CODE)
	$(EMBEDDED) $(MANAGE) check --fail-level WARNING
	$(DEPLOYED) $(MANAGE) check --deploy --fail-level WARNING
	$(EMBEDDED) $(MANAGE) makemigrations --check --dry-run

# --- Keep -----------------------------------------------------------------------------------------

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

lock: $(VENV)/.uv $(NODE) ## Write the lock files anew after a change of *.in or package.json (ARGS=--upgrade)
	for name in uv base assets dev; do $(LOCK) -o requirements/$$name.txt requirements/$$name.in || exit 1; done
	$(NPM) install --package-lock-only --ignore-scripts --no-audit --no-fund

clean: ## Remove everything that was made here, except the data in var/
	rm -rf $(VENV) node_modules var/vendor var/cache $(VAR_DIR)/static $(VAR_DIR)/.collected
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
