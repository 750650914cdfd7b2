# Each command sets up all that it needs, on a machine that has make and Python 3.11 or later: `make help`.
# PYTHON names the Python to use, where it should not be the newest of the machine.

PORT ?= 8000
# Not taken from the environment: some shells keep the machine's name under this one.
HOST := 127.0.0.1
python := .venv/bin/python

# What must never be wrong is run through, line by line and branch by branch.
never_wrong := lists/plusofon/*.py,lists/services/*,lists/writing/*,lists/search_input.py,lists/changes.py,lists/conflicts.py,$\
lists/backup_file.py,lists/stored_list.py,lists/uploads.py,lists/connection.py,lists/draft.py,lists/encryption.py,lists/findings.py,lists/hints.py,lists/intents.py,lists/mending.py,lists/numbers.py,lists/phones.py,lists/placing.py,lists/readings.py,lists/resolving.py,lists/reverting.py,lists/sameness.py,lists/single_sign_on/*,lists/stored_text.py,lists/verdict.py

.PHONY: help demo test lint format bench soak drill lighthouse scan validate messages lock
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## these lines
	@awk -F ':.* ## ' '/^[a-z]+:.* ## / { printf "  make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The demo's two processes get secrets of their own; these only let the command itself start.
demo: export SECRET_KEY := not-used
demo: export CREDENTIAL_KEYS := not-used
demo: .venv/.runtime ## the sandbox and the dashboard with two people   PORT=8000 HOST=127.0.0.1
	@$(python) manage.py demo --host $(HOST) --port $(PORT)

# What browsers, servers and databases of the tests write goes with the folder that they write into. Tests that start
# many processes, and tell how long something took, have the machine for themselves.
none_chosen := 5  # as pytest says it
test: lint ## everything   PYTEST_ARGS="-k lookup"
	CHROMIUM=$$(.ci/chromium) && TMPDIR=$$(mktemp -d) && export CHROMIUM TMPDIR && \
	trap 'rm -rf "$$TMPDIR"' EXIT && \
	{ $(python) -m pytest -m "not alone" --numprocesses=auto --maxprocesses=4 \
		--dist=loadfile --no-loadscope-reorder --cov --cov-report=term $(PYTEST_ARGS) || [ $$? = $(none_chosen) ]; } && \
	{ $(python) -m pytest -m alone $(PYTEST_ARGS) || [ $$? = $(none_chosen) ]; }
	$(python) -m coverage report --fail-under=100 --skip-covered \
		--include='$(never_wrong)'

# As in production, so that `check --deploy` judges what will be deployed.
lint: export SECRET_KEY := only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz
lint: export CREDENTIAL_KEYS := AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
lint: export DEBUG := False
lint: export HTTPS_ONLY := True
lint: export ALLOWED_HOSTS := admin.example.ru
lint: export DATABASE_URL := sqlite://:memory:
lint: .venv/.development ## style, types, templates, settings, migrations
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	.venv/bin/djangofmt --quiet --check templates
	$(python) -m mypy
	$(python) manage.py check --deploy --fail-level WARNING
	$(python) manage.py makemigrations --check --dry-run

format: .venv/.development ## make the style right, of code and templates
	$(python) -m ruff check --fix .
	$(python) -m ruff format .
	.venv/bin/djangofmt templates

bench: .venv/.development ## what it costs beside the bare API: docs/benchmarks.md   TOPICS="lookup weight"
	TMPDIR=$$(mktemp -d) && export TMPDIR && trap 'rm -rf "$$TMPDIR"' EXIT && \
	DJANGO_SETTINGS_MODULE=tests.settings $(python) -m tests.bench $(TOPICS)

# On a PostgreSQL of its own, which ends and goes with all else that was written: first few who do nothing but
# write, while everything goes wrong; then a desk of 200 for a minute.
desk := CLIENTS=200 SECONDS=60 WRITES=20000 LISTS=24 LATENCY=0.1 PAUSE=10 KILL_EVERY=0
soak: .venv/.development ## 5,000 writes under faults and kills, then 200 people   WRITES=300 SECONDS=540
	export TMPDIR=$$(mktemp -d) && \
	trap '.ci/postgres stop "$$TMPDIR" || true; rm -rf "$$TMPDIR"' EXIT && trap 'exit 130' INT TERM && \
	export DATABASE_URL=$$(.ci/postgres start "$$TMPDIR") && $(python) -m tests.soak && \
	$(desk) $(python) -m tests.soak

drill: .venv/.development ## sixty people while Plusofon hangs for 40 s: the tables of docs/drill.md
	DJANGO_SETTINGS_MODULE=tests.settings $(python) -m tests.processes.dead_api

# Judges of pages come from npm: these versions, which run on Node 20, into var/ alone. They walk a demo of their own.
judges := lighthouse@13.5.0 html-validate@10.17.0 vnu-jar@26.9.27
lighthouse: .venv/.development var/judges/.installed ## Lighthouse on every page: 100, or it fails (needs npm)   ONLY=journal
	CHROME_PATH=$$(.ci/chromium) $(python) -m tests.judges.lighthouse $(ONLY)

validate: .venv/.development var/judges/.installed ## vnu and html-validate find nothing on any page (needs npm, Java)
	$(python) -m tests.judges.validate

# Of PyPI, in an environment of its own: it asks for other versions of what we use.
scanner := wapiti3==3.2.3
scan: .venv/.development var/scanners/.installed ## wapiti attacks a demo as nobody, support and a manager   SECONDS=150 of each kind of attack
	$(python) -m tests.judges.scan $(SECONDS)

var/scanners/.installed: Makefile
	@echo "Installing $(scanner) …"
	@$(python) -m venv --clear var/scanners
	@var/scanners/bin/python -m pip install --quiet --disable-pip-version-check $(scanner)
	@touch $@

var/judges/.installed: Makefile
	@echo "Installing $(judges) …"
	@mkdir -p var/judges && npm install --silent --no-save --no-audit --no-fund --prefix var/judges $(judges)
	@touch $@

messages: export SECRET_KEY := not-used
messages: export CREDENTIAL_KEYS := not-used
messages: export DATABASE_URL := sqlite://:memory:
messages: .venv/.development ## collect the words again, compile them (needs GNU gettext)
	$(python) manage.py makemessages --locale ru --no-wrap --no-location --no-obsolete \
		--ignore .venv --ignore var --ignore tests
	$(python) manage.py compilemessages --locale ru --ignore .venv

# With the oldest Python that we support: it needs the most packages. Lines that begin with an option say where
# this machine gets its packages, which is nobody else's business.
compile = var/lock/bin/pip-compile --quiet --no-header --generate-hashes --no-strip-extras --allow-unsafe
lock: ## pin the packages anew, after pyproject.toml was changed (needs Python 3.11)
	oldest=$$(PYTHON=python3.11 .ci/python) && "$$oldest" -m venv --clear var/lock
	var/lock/bin/python -m pip install --quiet pip-tools
	$(compile) $(LOCK_ARGS) --output-file=requirements.txt pyproject.toml
	$(compile) $(LOCK_ARGS) --extra=oidc --constraint=requirements.txt --output-file=requirements-oidc.txt pyproject.toml
	$(compile) $(LOCK_ARGS) --extra=dev,oidc --constraint=requirements-oidc.txt \
		--output-file=requirements-dev.txt pyproject.toml
	sed -i '/^--/d; /^$$/d' requirements.txt requirements-oidc.txt requirements-dev.txt

# The environment, and what was installed into it: a stamp is older than its list when that changed.
.venv/bin/python:
	python=$$(PYTHON="$(PYTHON)" .ci/python) && "$$python" -m venv --clear .venv

.venv/.runtime: requirements.txt | .venv/bin/python
.venv/.development: requirements-dev.txt | .venv/bin/python
.venv/.runtime .venv/.development:
	@echo "Installing the packages of $< …"
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@
