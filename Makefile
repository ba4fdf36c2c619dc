# make book · make test · make serve   (the others are at the end)
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
PORT ?= 8000
PLAYGROUND := fpkit/widgets/playground

.PHONY: book check test test-oldest test-newest site-test site-archive course lecture lecture-pdf pdf bench budgets lint types js-test kernel \
	reproduce serve clean

book: $(READY)
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo "The book is at _build/html/index.html. To read it with its widgets: make serve"

# What one runs all day: the code's form, the units, and one stored result of each kind.
check: lint
	$(BIN)/pytest -n auto -m "not slow" fpkit book

# All but the browser: every chapter and every stored result, too.
test: $(READY)
	$(BIN)/pytest -n auto fpkit book

# The package with the oldest and the newest versions that pyproject.toml allows, each in an
# environment of its own. They use what their own dependencies have deprecated, and an old numpy
# leaves an archive open when the disk is full: neither is an error here.
test-oldest test-newest: test-%:
	$(PYTHON) -m venv --clear _build/$*
	_build/$*/bin/pip install --quiet --disable-pip-version-check uv
	sed -n '/^# tests/,$$p' requirements.txt | _build/$*/bin/uv pip install --python _build/$* \
	  --resolution $(if $(filter oldest,$*),lowest-direct,highest) -r - -e ".[book]"
	_build/$*/bin/pytest -W default::DeprecationWarning \
	  -W default::pytest.PytestUnraisableExceptionWarning fpkit

# The environment is made again when one of these two files changes, and only then.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt -e .
	@touch $@

serve: $(READY)
	@echo "http://localhost:$(PORT)  (stop with Ctrl-C)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

# On pages built afresh (from the kept outputs), so that none is left from an earlier build.
site-test: $(READY)
	rm -rf _build/html _build/.doctrees
	$(MAKE) book
	$(BIN)/pytest -n 2 --dist loadgroup book/tools/site_tests

# The whole site in one file, with a starter for each system.
site-archive: book
	$(BIN)/python -m book.tools.archive _build/html _build/frequency-principle.zip
	@echo "The site is in _build/frequency-principle.zip"

# Notebooks for students and teachers, assignments, slides, questions, rubrics and figures.
course: book
	$(BIN)/python -m book.tools.course _build/html _build/course

# The lecture of 90 minutes: slides that open by a double click.
lecture: course
	@echo "The lecture is _build/course/slides/lecture.html"

# All slides as PDF and all figures as PNG, as Chromium draws them.
lecture-pdf: course
	$(BIN)/python -m book.tools.print_lecture _build/course

# Each chapter as a PDF, as Chromium prints it.
pdf: book
	$(BIN)/python -m book.tools.print_chapters _build/html _build/pdf

# What the page "How fast, and how sure" shows, measured on this machine.
bench: book
	$(BIN)/python -m book.tools.benchmarks book/performance/measured/speed.json
	$(BIN)/python -m book.tools.benchmarks.pages _build/html book/performance/measured/pages.json

# The same for building and testing, in a fresh clone: half an hour.
budgets: $(READY)
	$(BIN)/python -m book.tools.benchmarks.budgets book/performance/measured/budgets.json

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

# The types of the Python code, and of the widgets' modules, as their comments say; the latter
# needs Node.js.
types: $(READY)
	$(BIN)/mypy
	npx --yes --package typescript@5.9.3 tsc -p jsconfig.json

# What of the widgets' modules needs no browser; needs Node.js.
js-test:
	node --import ./book/tools/resolve_widgets.js --test fpkit/widgets/*/*.test.js book/widgets/*/*.test.js

# The loops of the page's engine, in WebAssembly; needs Node.js. What it makes is kept.
kernel:
	npx --yes --package assemblyscript@0.28.20 asc $(PLAYGROUND)/loops.ts -O3 --enable simd --runtime stub \
	  --noAssert --importMemory -o _build/loops.wasm
	{ echo "/** Made from loops.ts by 'make kernel'. */"; \
	  node -p '`export const KERNEL =\n  "$${fs.readFileSync("_build/loops.wasm", "base64")}";`'; } > $(PLAYGROUND)/kernel.js

# Every stored result anew, from nothing: hours.
reproduce: $(READY)
	$(BIN)/python -m fpkit run --all

# Everything that was built, and the chapters' kept outputs; not the environment.
clean:
	rm -rf _build
