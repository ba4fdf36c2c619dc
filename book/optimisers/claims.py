"""Claims about the optimiser and the order of learning (rows R46 and R47)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from book.advice import Advice
from fpkit.convergence import settling_step
from fpkit.reproduce import Orders, Result, Verdict, counted, judge, load_or_run, orders

# Ours, since 2026-11-29: waves are learned together if the last takes between this part of the
# time of the first and as many times as long, and one after the other from so many times on.
# A wave is learned when its error comes below 10 % for good. Fixed on other networks (seeds 100 to
# 107), before any of the eight was trained.
TOGETHER, APART = 2.0, 3.0
# Ours, since 2026-11-29: "between" is a ratio above TOGETHER and at most this part of the ratio of
# gradient descent.
BETWEEN = 0.5
# Ours, since 2026-11-29: gradient descent is unstable where rate times curvature is above this,
# and with momentum β = 0.9 above 2(1 + β).
STABLE = {"sgd": 2.0, "momentum": 3.8}
