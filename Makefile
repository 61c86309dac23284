# Vitrine's verbs. `make` lists them; `make run` and `make test` install what they need.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

SWIFT_FILES := Package.swift $(wildcard Sources Tests Benchmarks)

.PHONY: help run build release test check format bench docs hooks clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing, build, start every role with sample pictures
	@scripts/install-packages run
	@$(MAKE) release
	@scripts/run-demo .build/release/vitrine

build: ## debug build of everything, tests included
	@swift build --build-tests

release: ## optimised build of the binary: .build/release/vitrine
	@swift build -c release --product vitrine

test: ## install what the tests need, run them all
	@scripts/install-packages test
	@scripts/python-environment
	@scripts/python-environment warehouse
	@scripts/test

check: ## format, tidy, a build in which warnings are errors, scripts
	@swift format lint --strict --recursive --parallel $(SWIFT_FILES)
	@scripts/check-scripts
	@swift build --build-tests
	@swift test --skip-build --filter TidyTests
	@echo "check: all passed"

format: ## format the Swift files
	@swift format --in-place --recursive --parallel $(SWIFT_FILES)

bench: ## install what the benchmarks need, run them
	@if [ ! -x Benchmarks/run ]; then echo "there are no benchmarks yet (Benchmarks/run)" >&2; exit 1; fi
	@scripts/install-packages run
	@scripts/install-packages bench
	@$(MAKE) release
	@Benchmarks/run

docs: ## API pages, where the DocC plug-in is part of the package
	@if grep -q swift-docc-plugin Package.swift; then \
		swift package --allow-writing-to-directory .build/docs generate-documentation --output-path .build/docs; \
	else \
		echo "no DocC plug-in in Package.swift; the pages to read are in docs/"; \
	fi

hooks: ## have git check format and tidiness before each commit
	@install -m 755 scripts/pre-commit "$$(git rev-parse --git-path hooks)/pre-commit"
	@echo "installed as $$(git rev-parse --git-path hooks)/pre-commit"

clean: ## remove what was built (not the data)
	@rm -rf .build .venv .venv-warehouse
