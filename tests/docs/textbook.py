"""docs/programs/asker.py as it stands, but with the sine and cosine of envs/trigonometry.hpp: textbook.py SEED

NumPy's differ from these in the last bit now and then. Given the same pushes, the pole makes such a difference e times
as large every quarter of a second, so within one long episode another action is drawn.
"""
import math

import numpy as np


def series(z, first):  # the Taylor coefficients first, first + 2, ... up to 17, by Horner's scheme in z = x * x
    total = 0.0
    for n in reversed(range(first, 18, 2)):
        total = (-1.0) ** (n // 2) / math.factorial(n) + z * total
    return total


def sine(x):
    return x + x * (x * x * series(x * x, 3))


def cosine(x):
    half = x * x * 0.5
    rest = 1 - half
    return rest + (((1 - rest) - half) + x * x * (x * x) * series(x * x, 4))


np.sin, np.cos = sine, cosine
exec(compile(open("docs/programs/asker.py", encoding="utf-8").read(), "asker.py", "exec"))
