"""How fast fpkit is, beside the loops one would write without it.

One table of ratios, each pair measured side by side in one run::

    python -m fpkit.benchmarks

The same pieces under pytest-benchmark, which stores and compares runs::

    pytest fpkit/benchmarks/bench_*.py --benchmark-only

Neither is part of the tests, and neither fails on a slow machine. Use a quiet one: with another
program on the same cores, the times are those of the other program.
"""
