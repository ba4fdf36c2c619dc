"""How fast fpkit is, beside the loops one would write without it; how fast the book and its tests.

Three commands, each of which writes what the page "How fast, and how sure" shows::

    python -m book.tools.benchmarks book/performance/measured/speed.json
    python -m book.tools.benchmarks.pages _build/html book/performance/measured/pages.json
    python -m book.tools.benchmarks.budgets book/performance/measured/budgets.json

None is part of the tests, and none fails on a slow machine. Use a quiet one: with another program
on the same cores, the times are those of the other program.
"""
