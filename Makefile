# The two commands that matter: `make run` serves the sample shop, `make test` proves the rest.
# Both install what is missing first, say so, and are quick the second time.

SHELL := /bin/bash
BINARY := .build/release/dragoman

.PHONY: run test build setup-run setup-test lint check-slow soak bench compare help

help:
	@echo "make run     the gateway with its sample shop, and curl lines to try"
	@echo "make test    all tests"
	@echo "make build   the release binary, $(BINARY)"
	@echo "make lint    the formatter's opinion of every file"
	@echo "make soak    ten minutes of mixed load while backends die (SOAK_SECONDS=600)"
	@echo "make compare the gateway beside Envoy, PHP and nginx (needs ../shared/bench)"

setup-run:
	@.ci/setup run

setup-test:
	@.ci/setup test

build: setup-run
	@echo "== building dragoman (the first time takes about ten minutes on two cores)"
	swift build -c release --product dragoman

run: build
	@exec $(BINARY) demo

# The tests run against the release build: it is what people run, and one build serves both.
test: setup-test
	@echo "== building dragoman and its tests (the first time takes about fifteen minutes)"
	swift build -c release --build-tests
	@echo "== testing"
	swift test -c release --skip-build

lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

soak: setup-test build
	.ci/soak --binary $(BINARY) --seconds $${SOAK_SECONDS:-600}

compare: setup-test build
	python3 ../shared/bench/compare.py --dragoman $(BINARY) --rounds 5
