# The only list of commands. `make` alone prints it.
PYTHON ?= python3
SETUP := $(PYTHON) tools/set_up.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench clean lock messages forms backup restore

help:  ## Print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 18

run:  ## Start the platform with its sandbox (PORT=8000 HOST=127.0.0.1 DATABASE_URL=)
	@$(SETUP) run
	@.venv/bin/python -m udgam.sandbox.run

test:  ## Install what the tests need, then check and test everything
	@$(SETUP) test --system
	@$(MAKE) --no-print-directory checks
	@.venv/bin/python -m pytest

check:  ## The fast part: format, lint, types, import contracts, migrations
	@$(SETUP) test
	@$(MAKE) --no-print-directory checks

.PHONY: checks
checks:
	@.venv/bin/python tools/check.py

bench:  ## Measure, side by side with the baselines, and print the figures
	@$(SETUP) test --system
	@.venv/bin/python -m bench

messages:  ## Collect the texts to translate into the Hindi catalogue
	@$(SETUP) test
	@.venv/bin/python tools/messages.py

forms:  ## Draw the form of every agreement into docs/pictures/forms.png
	@$(SETUP) test
	@.venv/bin/python tools/draw_forms.py

backup:  ## Save the embedded database and the stored files: make backup TO=FOLDER
	@.venv/bin/python -m udgam.web.backup save "$(TO)"

restore:  ## Put a backup back, here or on a new machine (the platform must be stopped): make restore FROM=FOLDER
	@$(SETUP) run
	@.venv/bin/python -m udgam.web.backup restore "$(FROM)"

lock:  ## Compile the pinned requirements again
	@$(SETUP) lock

clean:  ## Remove the environment and var/
	@rm -rf .venv var node_modules .mypy_cache .ruff_cache .import_linter_cache
