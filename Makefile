# SPDX-License-Identifier: GPL-2.0-only
#
#   make run    install what is missing, build, and run the main scenario
#   make test   the same preparation, what only tests need, and every test
#   make soak   judge the random scenarios of SOAK_COUNT seeds from SOAK_FIRST
#   make bench  measure, and write doc/performance.md's tables
#   make        build only (installs nothing)
#   make clean  remove what was built
#
# Debian 12. On other systems install the counterparts of the packages below and ns-3 by hand;
# then "make run PACKAGES=" and "make test PACKAGES= TEST_PACKAGES=" skip the installation.

BUILD ?= build
SCENARIO ?= examples/scenarios/site-to-site.ini
JOBS ?= $(shell nproc)
TEST_JOBS ?= 2
SOAK_FIRST ?= 1
SOAK_COUNT ?= 10000
CMAKE_FLAGS ?=

# Debian's libns3-dev does not depend on all that its CMake files ask for: the package ns3 and the
# development files of GSL, SQLite, libxml2 and Python.
PACKAGES = g++ make cmake pkg-config \
	ns3 libns3-dev libgsl-dev libsqlite3-dev libxml2-dev libpython3-dev \
	libssl-dev libboost-program-options-dev libgtest-dev python3 gnuplot-nox wamerican
# All but the first are for the comparison with strongSwan.
BENCH_PACKAGES = libbenchmark-dev iproute2 procps util-linux
TEST_PACKAGES = tshark iproute2 nftables openssl procps util-linux python3-sphinx \
	chromium-headless-shell

MAKEFLAGS += --no-print-directory

.PHONY: build configure run test soak bench packages test-packages bench-packages clean

# Prints and installs those of the packages $(1) that are missing.
define install
	@missing=; \
	for package in $(1); do \
	    state=$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null); \
	    [ "$$state" = installed ] || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	as_root=; \
	[ "$$(id -u)" = 0 ] || as_root=sudo; \
	if [ -n "$$as_root" ] && ! command -v sudo >/dev/null; then \
	    echo "There is no sudo here; install as root, then try again: apt-get install$$missing"; \
	    exit 1; \
	fi; \
	echo "Installing with apt-get, because these packages are missing:$$missing"; \
	$$as_root apt-get -q update || echo "apt-get update failed; trying with the lists there are"; \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
	    install --no-install-recommends $$missing </dev/null
endef

build: configure
	@cmake --build $(BUILD) --parallel $(JOBS)

configure:
	@cmake -S . -B $(BUILD) $(CMAKE_FLAGS)

run: packages
	@$(MAKE) --no-print-directory configure
	@cmake --build $(BUILD) --parallel $(JOBS) --target examples
	@echo
	@echo "$(BUILD)/examples/ipsec-lab $(SCENARIO)"
	@$(BUILD)/examples/ipsec-lab $(SCENARIO)

test: packages test-packages
	@$(MAKE) --no-print-directory build
	@test/interop/fetch-peers.sh $(BUILD)/peers || \
	    echo "Without the real peers the tests that need them are skipped (in CI they fail)."
	@cd $(BUILD) && { ctest --output-on-failure --parallel $(TEST_JOBS); status=$$?; \
	    grep -h '^skipped: ' Testing/Temporary/LastTest.log | sort -u; exit $$status; }

soak: packages
	@$(MAKE) --no-print-directory configure
	@cmake --build $(BUILD) --parallel $(JOBS) --target ipsec-soak
	@test/soak/run.sh $(BUILD)/test/ipsec-soak $(SOAK_FIRST) $(SOAK_COUNT) $(TEST_JOBS)

bench: packages bench-packages
	@cmake -S . -B $(BUILD) $(CMAKE_FLAGS) -DIPSEC_BENCHMARKS=ON
	@cmake --build $(BUILD) --parallel $(JOBS) --target esp-benchmark chain-benchmark \
	    handshake-benchmark scale-benchmark tree-benchmark bring-up-benchmark
	@test/interop/fetch-peers.sh $(BUILD)/peers || \
	    echo "Without strongSwan there is nothing to compare with; that table stays empty."
	@test/benchmark/run.py $(BUILD) . $(BENCH_FLAGS)

packages:
	$(call install,$(PACKAGES))

test-packages: packages
	$(call install,$(TEST_PACKAGES))

bench-packages:
	$(call install,$(BENCH_PACKAGES))

clean:
	@rm -rf $(BUILD)
