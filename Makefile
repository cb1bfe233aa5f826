# Rill: what can be made.
#
#   make help      these lines
#   make deps      install the libraries that Rill is built on, where they are missing
#   make build     build .build/release/rill
#   make demo      add, sync, list and mark the sample feeds, served from this machine
#   make test      run the tests; ends with a line "N passed, N failed"
#   make lint      check layout, documentation, imports and scripts
#   make format    lay the source out as lint wants it
#   make bench-parse CORPUS=DIR   measure the parser beside others on a folder of feeds
#   make bench-pieces  what a document in pieces of one byte costs
#   make bench-sync    what a sync of 5,000 feeds costs, beside others
#   make bench-store   what 1,000,000 articles cost, beside sqlite3
#   make bench-merge   how many articles a second are merged and written
#   make replay    replay years of 50 feeds whose truth is known; or make replay SEED=7 SEEDS=1 FEED=12
#   make bombs     give .build/release/rill each hostile document in turn
#   make fuzz      fuzz the parser, a minute each; or make fuzz TARGET=date SECONDS=1800
#   make faults    kill, fill, break and share the store, thousands of times: about an hour
#   make faults-quick  the same with small counts, in three minutes; make check runs it
#   make docs      make manual pages and completions below .build/docs
#   make install PREFIX=/usr/local   put program, manual pages and completions there; DESTDIR stands before it
#   make uninstall PREFIX=/usr/local   take them away again
#   make deb       make a package for Debian below .build
#   make stats     report file sizes and uses of `unsafe`
#   make smoke     run .build/release/rill through one short life
#   make check     all that has to hold: deps, lint, build, smoke, test
#   make clean     delete what was built and what the others wrote to cache; never your articles

SWIFT ?= swift
# What is built here runs on machines without Swift. Apple's systems bring the runtime.
STATIC := $(shell [ "$$(uname -s)" = Darwin ] || echo --static-swift-stdlib)

PREFIX ?= /usr/local
DOCS := .build/docs
INSTALLED := bin/rill share/man/man1/rill.1 share/man/man5/rill-store.5 \
  share/bash-completion/completions/rill share/zsh/site-functions/_rill \
  share/fish/vendor_completions.d/rill.fish

export SWIFT

.DEFAULT_GOAL := help
.PHONY: help deps build demo test lint format bench-parse bench-pieces bench-sync bench-store bench-merge replay bombs fuzz faults faults-quick docs install uninstall deb stats smoke check clean

help:
	@sed -n '/^#   make/s/^#   //p' Makefile

deps:
	@Scripts/deps

build: deps
	$(SWIFT) build -c release $(STATIC) --product rill

demo: deps
	@Scripts/demo

test:
	@Scripts/deps --tests
	@Scripts/test

lint:
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Fuzz Package.swift
	Scripts/check-imports --self-test
	Scripts/check-imports
	@for file in Benchmarks/*/*.c; do \
	  $(CC) -fsyntax-only -Wall -Wextra -Werror $$(pkg-config --cflags libxml-2.0) "$$file" || exit 1; \
	done
	@if command -v shellcheck >/dev/null; then shellcheck -x Scripts/* Documentation/daily-mail .ci/run $$(grep -d skip -l '^#!/bin/sh' Benchmarks/*/*) Fuzz/run; fi

format:
	$(SWIFT) format -i -r Sources Tests Benchmarks Fuzz Package.swift

bench-parse: deps
	@Benchmarks/parse/run "$(CORPUS)"

bench-pieces: build
	@Benchmarks/pieces/run

bench-sync: build
	@Benchmarks/sync/run

bench-store: build
	@Benchmarks/store/run

bench-merge: deps
	$(SWIFT) build -c release $(STATIC) --product bench-merge
	@Benchmarks/merge/run "$$($(SWIFT) build -c release --show-bin-path)/bench-merge" $(OTHER)

replay: deps
	$(SWIFT) build -c release $(STATIC) --product replay-year
	@Benchmarks/replay/run "$$($(SWIFT) build -c release --show-bin-path)" $(foreach name,SEED SEEDS FEED FEEDS FETCHES,$(if $($(name)),$(name)=$($(name))))

bombs: build
	@Benchmarks/bombs/run

fuzz: deps
	@Fuzz/run "$(or $(TARGET),all)" "$(or $(SECONDS),60)"

faults: deps
	$(SWIFT) build -c release $(STATIC) --product store-writer
	$(SWIFT) build -c release $(STATIC) --product rill
	@Tests/Faults/run "$$($(SWIFT) build -c release --show-bin-path)"

faults-quick: deps
	$(SWIFT) build --product store-writer
	$(SWIFT) build --product rill
	@FAULTS=quick Tests/Faults/run "$$($(SWIFT) build --show-bin-path)"

docs: build
	@Scripts/docs .build/release/rill $(DOCS)

# Nothing is built and nothing is left here: this may run as root.
install:
	@test -x .build/release/rill || { echo 'make install: build it first: make build' >&2; exit 1; }
	@set -e; docs=$(DOCS); \
	if ! [ $(DOCS)/completions/rill.fish -nt .build/release/rill ]; then \
	  docs=$$(mktemp -d); \
	  trap 'rm -rf "$$docs"' EXIT; \
	  Scripts/docs .build/release/rill "$$docs"; \
	fi; \
	put() { \
	  echo "install $(DESTDIR)$(PREFIX)/$$3"; \
	  install -d "$$(dirname "$(DESTDIR)$(PREFIX)/$$3")"; \
	  install -m "$$1" "$$2" "$(DESTDIR)$(PREFIX)/$$3"; \
	}; \
	put 755 .build/release/rill bin/rill; \
	put 644 "$$docs/man/rill.1" share/man/man1/rill.1; \
	put 644 "$$docs/man/rill-store.5" share/man/man5/rill-store.5; \
	put 644 "$$docs/completions/rill.bash" share/bash-completion/completions/rill; \
	put 644 "$$docs/completions/_rill" share/zsh/site-functions/_rill; \
	put 644 "$$docs/completions/rill.fish" share/fish/vendor_completions.d/rill.fish

uninstall:
	rm -f $(addprefix "$(DESTDIR)$(PREFIX)"/,$(INSTALLED))

deb: build
	@Scripts/deb

stats:
	@Scripts/stats

smoke: build
	@Scripts/smoke .build/release/rill

# One after the other, whatever -j says: the tests come last and their count is the last line.
check:
	@Scripts/deps --tests
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory build
	@$(MAKE) --no-print-directory smoke
	@$(MAKE) --no-print-directory faults-quick
	@$(MAKE) --no-print-directory test

clean:
	rm -rf .build .build-fuzz cache/bench cache/bench-venv cache/demo cache/fuzz cache/test.log
