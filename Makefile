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
	@echo "make bench   reading, judging and writing JSON beside orjson and jsonschema-rs"
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

# Unit tests run on a debug build, which checks more; what is seen from outside is tested on the
# release binary, which is what people run.
test: setup-test
	@echo "== building the release binary (the first time takes about ten minutes on two cores)"
	swift build -c release --product dragoman
	swift build -c release --product dragoman-harness
	@echo "== building and running the tests (the first time takes about ten minutes more)"
	@.ci/test

lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

soak: setup-test build
	.ci/soak --binary $(BINARY) --seconds $${SOAK_SECONDS:-600}

compare: setup-test build
	python3 ../shared/bench/compare.py --dragoman $(BINARY) --rounds 5

bench: setup-run
	@Benchmarks/run $(BENCH)
