# Each target is a script that also runs alone, where make is missing: sh tools/demo.sh, sh tools/test.sh, …
.PHONY: help setup demo test lint bench faults lock

help: ## this list
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1\t\2/p' Makefile

setup: ## sets up .venv and the system libraries; every other target does it by itself
	@sh tools/setup.sh

demo: ## starts a whole synthetic region and prints READY; Ctrl-C stops it (PORT, STANDINS_PORT, DEMO_DIR, FRESH=1)
	@sh tools/demo.sh

test: ## passes every test, browser stories included
	@sh tools/test.sh

lint: ## format, rules, types, import contracts, migrations, templates
	@sh tools/lint.sh

bench: ## measures against peers and limits; figures also in .bench/
	@sh tools/bench.sh

faults: ## kills workers, flushes the broker, restarts the database: nothing may be lost or doubled
	@sh tools/faults.sh

lock: ## writes tools/lock/*.txt anew from pyproject.toml
	@sh tools/lock.sh
