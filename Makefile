# Thin: every rule is one or two commands that can be typed by hand (docs/developer.md).
PYTHON ?= /usr/bin/python3
JOBS ?= $(shell nproc)
SOURCES = find fusion providers cache driver utils autotest -name '*.h' -o -name '*.cpp'

# Read by CMake when a build tree is first configured.
export CMAKE_EXPORT_COMPILE_COMMANDS = ON
export CMAKE_CXX_COMPILER_LAUNCHER ?= $(shell command -v ccache)

.DEFAULT_GOAL := help
.PHONY: help dependencies build-dependencies build pages demo check install format tidy bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dependencies: ## install missing Debian packages (cmake/debian-packages.txt)
	utils/install_dependencies.sh

build-dependencies:
	utils/install_dependencies.sh build

# Ninja knows its products by their path too: no tests are built for these.
build: build-dependencies ## the plugin (build/gdalplugins) and the program (build/bin)
	cmake --preset release
	cmake --build build --parallel $(JOBS) --target gdalplugins/gdal_TOPOBATHY.so bin/topobathy

pages: ## the web pages of topobathy serve, with their libraries from the npm registry (build/share/topobathy/pages)
	utils/install_dependencies.sh pages
	utils/pages/build.sh

demo: build ## build, make the sample coast, fuse it and draw it (build/demo)
	utils/demo/run.sh

check: dependencies ## every test; the last line is the sum (ONLY=cpp,gdrivers selects parts)
	$(PYTHON) autotest/run_all.py --jobs $(JOBS) $(if $(ONLY),--only $(ONLY))

install: build pages ## into CMAKE_INSTALL_PREFIX, DESTDIR is honoured
	cmake --install build

format: ## lay the C++ sources out
	$(SOURCES) | xargs clang-format -i

tidy: build ## static checks (.clang-tidy)
	run-clang-tidy -quiet -p build -j $(JOBS) "$(CURDIR)/(fusion|providers|cache|driver|utils)/.*"

bench: build ## measure against gdalwarp and others (docs/performance.md; BENCH='--rounds 3 --quick')
	cmake --build build --parallel $(JOBS) --target read_windows lookup_bench check_bench
	$(PYTHON) autotest/benchmark/run.py $(BENCH)

clean: ## remove every build tree and the sample coast
	rm -rf build build-asan build-tsan docs/examples/sample_coast
