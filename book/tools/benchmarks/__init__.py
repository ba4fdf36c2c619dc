"""How fast fpkit is, beside the loops one would write without it; how fast the book and its tests.

Three commands, each of which writes what the page "How fast, and how sure" shows::

    python -m fpkit.benchmarks book/measured/speed.json
    python -m fpkit.benchmarks.pages _build/html book/measured/pages.json
    python -m fpkit.benchmarks.budgets book/measured/budgets.json

The pieces of the first under pytest-benchmark, which stores and compares runs::

    pytest fpkit/benchmarks/bench_*.py --benchmark-enable --benchmark-only

None is part of the tests, and none fails on a slow machine. Use a quiet one: with another program
on the same cores, the times are those of the other program.
"""
