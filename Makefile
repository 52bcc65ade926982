# Two commands matter: `make demo` and `make test`. The others are for those who work on the code.
PYTHON ?= python3
PORT ?= 8000
VENV = .venv
RUN = $(VENV)/bin/python
DEMO = DEMO=1 DATA_DIR=var/demo
PIP = $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help demo test pages stress bench lint messages migrations lock clean

help:
	@echo "make demo [PORT=8000]   the site with demonstration content, on 127.0.0.1"
	@echo "make test               every test, on SQLite and on PostgreSQL where there is one"
	@echo "make pages              how fast the main pages are on a phone, as Lighthouse reckons"
	@echo "make stress             people at work while workers, database, cache and disk fail: nothing may be lost"
	@echo "make bench [SIZES=..]   lists of 1k 10k (100k, 1M) entries, measured (docs/performance.md)"
	@echo "make lint               style and types"
	@echo "make messages           collect the interface messages and compile the Spanish ones"
	@echo "make lock               pin the dependencies anew (needs uv)"
	@echo "make clean              remove the environment and the demo's data"

$(VENV)/run.stamp: research_hub/requirements/run.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(PIP) -r research_hub/requirements/run.txt
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp research_hub/requirements/test.txt
	$(PIP) -r research_hub/requirements/test.txt
	touch $@

demo: $(VENV)/run.stamp
	$(DEMO) $(RUN) manage.py demo --port $(PORT)

test: $(VENV)/test.stamp
	$(RUN) -m tests

pages: $(VENV)/test.stamp
	$(RUN) -m tests.web

stress: $(VENV)/test.stamp
	$(RUN) -m tests.stress

SIZES ?= 1k 10k
DATABASES ?= sqlite postgresql
TIMES ?= 1
bench: $(VENV)/test.stamp
	$(RUN) -m tests.bench $(SIZES) --on $(DATABASES) --times $(TIMES)

lint: $(VENV)/test.stamp
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

messages: $(VENV)/test.stamp
	$(RUN) -m tests.messages

migrations: $(VENV)/run.stamp
	$(DEMO) $(RUN) manage.py makemigrations

LOCK = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 pyproject.toml
lock:
	$(LOCK) --extra test --output-file research_hub/requirements/test.txt
	$(LOCK) --constraint research_hub/requirements/test.txt --output-file research_hub/requirements/run.txt

clean:
	rm -rf $(VENV) var tests/web/node_modules
