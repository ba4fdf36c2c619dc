import cmath
import math

import numpy as np

RIGHT = {
    "knock-out": [
        lambda k1, k2, w: np.exp(np.pi * (k2 - k1) / (2 * abs(w))),
        lambda k1, k2, w: 1 / math.exp(-math.pi * (k2 - k1) / 2 / abs(w)),
    ],
    "silent-bias": [
        lambda k, w, f: w * np.angle(-f) / k,
        lambda k, w, f: (cmath.phase(f) + 3 * math.pi) * w / k,
    ],
}
WRONG = {
    "knock-out": [
        lambda k1, k2, w: np.exp(-np.pi * (k2 - k1) / (2 * abs(w))),
        lambda k1, k2, w: np.exp(np.pi * (k2 - k1) / abs(w)),
        lambda k1, k2, w: np.exp(np.pi * (k2 - k1) / (2 * w)),
        lambda k1, k2, w: np.exp(np.pi * (k2 + k1) / (2 * abs(w))),
    ],
    "silent-bias": [
        lambda k, w, f: 0.0,
        lambda k, w, f: k * np.angle(-f) / w,
        lambda k, w, f: -w * np.angle(-f) / k,
        lambda k, w, f: w * (np.angle(-f) + np.pi / 2) / k,
    ],
}
