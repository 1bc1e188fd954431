"""Makes server/game/touch.reference.json: probabilities of touch by direct integration, for its test.

    python3 -m venv venv && venv/bin/pip install mpmath
    venv/bin/python test/reference/touch-probability.py > server/game/touch.reference.json

Not Owen's T: the price at the opening has a normal density, and given that price x the band is met with
probability 1 (inside), or 2*Phi(-distance / sqrt(vw)) (reflection principle). The product is integrated at 40
digits, piece by piece between the points where either factor bends. Rows are [a, b, v1, vw, probability];
inputs are exact doubles, the probability is rounded to 20 digits.
"""

import json
import random
import sys

from mpmath import erfc, exp, mp, mpf, pi, quad, sqrt

mp.dps = 40


def upper(z):
    return erfc(z / sqrt(2)) / 2


def missed_side(distance_low, v1, vw):
    """Integral over y > 0 of density(distance_low + y; v1) * 2 * upper(y / sqrt(vw)).

    At the opening y beyond the edge, and back to it.
    """
    s1, sw = sqrt(v1), sqrt(vw)
    points = {mpf(0)}
    for k in (mpf(1) / 4, 1, 2, 4, 7, 11, 16, 25, 40):
        points.add(k * sw)
        for sign in (-1, 1):
            points.add(-distance_low + sign * k * s1)
            # where the product peaks: the density of an end point reflected at the edge
            centre = -distance_low * vw / (v1 + vw)
            points.add(centre + sign * k * s1 * sw / sqrt(v1 + vw))
    points.add(-distance_low)
    top = min(45 * sw, max(mpf(0), -distance_low) + 45 * s1)
    inside = sorted(p for p in points if 0 <= p < top) + [top]
    density = lambda y: exp(-((distance_low + y) ** 2) / (2 * v1)) / (s1 * sqrt(2 * pi))
    return quad(lambda y: density(y) * 2 * upper(y / sw), inside)


def probability(a, b, v1, vw):
    a, b, v1, vw = mpf(a), mpf(b), mpf(v1), mpf(vw)
    if v1 == 0:
        if a <= 0 <= b:
            return mpf(1)
        distance = a if a > 0 else -b
        return mpf(0) if vw == 0 else 2 * upper(distance / sqrt(vw))
    s1 = sqrt(v1)
    if a > 0:
        inside = upper(a / s1) - upper(b / s1)
    elif b < 0:
        inside = upper(-b / s1) - upper(-a / s1)
    else:
        inside = 1 - upper(-a / s1) - upper(b / s1)
    if vw == 0:
        return inside
    return inside + missed_side(b, v1, vw) + missed_side(-a, v1, vw)


def points():
    chance = random.Random(20260101)
    yield from [
        (-1.0, 2.0, 0.0, 3.0),
        (1.0, 2.0, 0.0, 3.0),
        (-2.5, -0.5, 0.0, 0.25),
        (0.0, 1.0, 0.0, 1.0),
        (1.0, 2.0, 0.0, 0.0),
        (-1.0, 2.0, 0.0, 0.0),
    ]
    yield from [
        (1.0, 2.0, 3.0, 0.0),
        (-1.0, 2.0, 3.0, 0.0),
        (-9.0, -8.0, 1.0, 0.0),
        (0.0, 0.0, 1.0, 1.0),
        (3.0, 3.0, 1.0, 2.0),
        (0.0, 5.0, 1.0, 1.0),
    ]
    # a board: rows from far below to far above, lead times of 5 to 60 s, bp and bp^2
    for lead in (5.0, 12.5, 60.0):
        for row in range(-9, 10):
            yield (row * 2.5 - 0.75, row * 2.5 + 1.75, lead, 3.25)
    # every kind of ratio and distance
    for exponent in (-12, -8, -5, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 5, 8, 12):
        for centre in (0.0, 0.3, -1.0, 2.0, -4.0, 8.0):
            for half in (1e-4, 0.2, 1.5):
                yield (centre - half, centre + half, 1.0, float(mpf(10) ** mpf(exponent)))
    while True:
        v1 = 10 ** chance.uniform(-4, 6)
        vw = v1 * 10 ** chance.uniform(-4, 4)
        scale = (v1 + vw) ** 0.5
        centre = chance.uniform(-9, 9) * scale
        half = 10 ** chance.uniform(-3, 0.7) * scale
        yield (float(centre - half), float(centre + half), v1, vw)


def main():
    rows = []
    for point in points():
        if len(rows) == 480:
            break
        rows.append([*point, float(mp.nstr(probability(*point), 20))])
    print('[\n' + ',\n'.join(json.dumps(row) for row in rows) + '\n]')
    print(f'{len(rows)} rows', file=sys.stderr)


main()
