# Everything there is to do, by name. A fresh machine needs python3 and make, no more.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help environments run test train check bench nlu-report nlu-eval

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

environments:
	@$(PYTHON) dev/bot_environment.py
	@$(PYTHON) dev/nlu_environment.py >/dev/null

run: environments ## set everything up, start it all, print the addresses; Ctrl-C stops it
	@.venv/bin/python dev/run.py

test: environments ## set everything up and run every test, real Redis and real Rasa included
	@.venv/bin/python dev/train.py
	@.venv/bin/python -m pytest

train: environments ## train the language model if its inputs changed
	@.venv/bin/python dev/train.py

check: environments ## lint, types, import contracts, content
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/python dev/check_nlu_data.py
	@.venv/bin/python -m bot check --walk
	@.venv/bin/python dev/plant_defects.py

nlu-report: environments ## measure what is understood; writes docs/nlu-report.md
	@.venv/bin/python dev/nlu_report.py

nlu-eval: environments ## TRAIN=A.tsv TEST=B.tsv, or TEST=folder: score on files; OUT=report.json
	@.venv/bin/python dev/nlu_eval.py $(if $(TRAIN),--train "$(TRAIN)") $(if $(TEST),--test "$(TEST)") $(if $(OUT),--out "$(OUT)")

bench: environments ## benchmarks, as ratios against the peer
	@.venv/bin/python dev/train.py
	@.venv/bin/python -m bench.end_to_end
	@.venv/bin/python -m bench.parse_speed
