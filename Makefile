# One command each: `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: run test check bench coverage lock clean help

PYTHON := .venv/bin/python
export PYTHONDONTWRITEBYTECODE :=
BOOTSTRAP := @sh practice/bootstrap.sh

run: ## Start everything on this machine and print the address and the demo sign-ins
	$(BOOTSTRAP) run
	@exec $(PYTHON) app.py

test: ## Run the whole suite on SQLite and PostgreSQL; ARGS="tests/booking -x" narrows it
	$(BOOTSTRAP) test
	@$(PYTHON) -m pytest -n 3 --durations=15 --durations-min=5 $(ARGS)

check: ## Lint, format, types, layers and templates, without running the tests
	$(BOOTSTRAP) check
	@$(PYTHON) -m tests.support.checks

coverage: ## Run the suite and name every line of ours that it does not reach
	$(BOOTSTRAP) test
	@$(PYTHON) -m coverage erase
	@$(PYTHON) -m pytest -n 2 --cov --cov-report=term $(ARGS)

bench: ## Measure: every module of bench/, quickly; ARGS="slots" for one in full
	$(BOOTSTRAP) test
	@$(PYTHON) -m bench $(ARGS)

lock: ## Resolve the dependencies of pyproject.toml anew into the two lock files
	$(BOOTSTRAP) check
	@sh practice/lock.sh

clean: ## Remove what was installed and measured here; var/ (your data) stays
	rm -rf .venv tests/servers/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
