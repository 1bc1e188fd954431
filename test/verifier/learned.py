"""Odds model 2, written from docs/odds.md: the law of touch by ranges, what was learned, and the gate."""

import math

BUCKETS = ((105, 150), (150, 250), (250, 500), (500, 1000), (1000, 2501))
BINS = (0, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.45, 0.65)
LEADS = (10_000, 15_000, 25_000, 40_000, math.inf)
HEIGHTS = (1.5, 2.2, 3.2, 4.6, math.inf)
SIDES = 4
ONE = 65_536
STAGES = (2 * len(HEIGHTS), 2 * len(LEADS), SIDES * len(BINS))
TRUSTS = ('certified', 'provisional', 'closed')
DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
XI = 0.5
MIXTURE = [(weight, math.exp(2 * XI * z)) for weight, z in ((2 / 9, -1.5), (5 / 9, 0.0), (2 / 9, 1.5))]
MEAN = sum(weight * variance for weight, variance in MIXTURE)
MIXTURE = [(weight, variance / MEAN) for weight, variance in MIXTURE]


def numbers_of(text):
    numbers, number, unit = [], 0, 1
    for digit in text:
        value = DIGITS.index(digit)
        number += unit * (value % 32)
        if value >= 32:
            unit *= 32
            continue
        numbers.append(number)
        number, unit = 0, 1
    if unit != 1:
        raise ValueError('a number without its end')
    return numbers


class Version:
    """What a block says of the factors and of the buckets from its end on."""

    def __init__(self, factors, buckets):
        self.factors, at = [], 0
        for classes in STAGES:
            self.factors.append(factors[at : at + classes])
            at += classes
        if at != len(factors) or len(buckets) != 2 * len(BUCKETS):
            raise ValueError('other classes or buckets than the model has')
        self.buckets = [(TRUSTS[buckets[2 * i]], buckets[2 * i + 1] / 10_000) for i in range(len(BUCKETS))]


def factors_of(text):
    return [ONE + (number // 2 if number % 2 == 0 else -(number + 1) // 2) for number in numbers_of(text)]


def windows_of(block):
    """Lengths of the windows of its boards."""
    return [int(window) for window in block.windows.split(' ')] if block.windows else [block.window_ms]


def versions_of(block):
    """`{window: Version}`, board by board."""
    windows, factors, buckets = windows_of(block), factors_of(block.factors), numbers_of(block.buckets)
    if len(factors) != sum(STAGES) * len(windows) or len(buckets) != 2 * len(BUCKETS) * len(windows):
        raise ValueError('other classes, buckets or boards than the model has')
    parts = len(factors) // len(windows), len(buckets) // len(windows)
    return {
        window: Version(
            factors[board * parts[0] : (board + 1) * parts[0]],
            buckets[board * parts[1] : (board + 1) * parts[1]],
        )
        for board, window in enumerate(windows)
    }


def known_by(block):
    """What is known of a board, by the length of its windows: a block of one board speaks for all, and of a
    board that a block of several has not the prior is known."""
    versions = versions_of(block)
    if len(versions) == 1:
        (only,) = versions.values()
        return lambda window: only
    return lambda window: versions.get(window, PRIOR)


# fmt: off
PRIOR_FACTORS = [
    63177, 68495, 66001, 65602, 66791, 68886, 63929, 73299, 63725, 82854,
    73740, 64050, 70742, 64936, 68851, 66509, 66077, 66819, 63123, 66827,
    65536, 84338, 81960, 73463, 65536, 70446, 68940, 63488, 65536, 67417, 67672, 61275, 65536, 65828,
    67347, 62708, 66302, 64603, 65129, 61756, 70313, 59618, 61297, 63077, 69210, 57060, 58164, 61046,
    67562, 56597, 59237, 59982, 65399, 63642, 64216, 63400,
]
# fmt: on
# What other tapes taught; the buckets below 10× are open on trust, and nothing is known of them.
PRIOR = Version(PRIOR_FACTORS, [1, 10_000] * 4 + [2, 10_000])


def known_before(_window):
    return PRIOR


def side_of(spot, low, high, drift):
    if low <= spot <= high:
        return 0
    if drift == 0:
        return 1
    return 2 if (low > spot) == (drift > 0) else 3


def group_of(value, ends, scale=1):
    return next(index for index, end in enumerate(ends) if end == math.inf or value < end * scale)


def bin_of(chance):
    return max(index for index, edge in enumerate(BINS) if chance >= edge)


def staged(row, low, high, lead_ms, window_ms, touch):
    """`([(class, probability without its factor)], probability)`."""
    window = window_ms / 1000
    v1 = row.scale_bp**2 * (max(0, lead_ms) / 1000 + 0.6 * window)
    vw = row.scale_bp**2 * 0.4 * window
    a, b = (1e4 * math.log(edge / row.spot) for edge in (low, high))
    chance = min(1.0, sum(weight * touch(a, b, v1 * m, vw * m) for weight, m in MIXTURE))
    side = side_of(row.spot, low, high, row.drift)
    other = 0 if side == 0 else 1
    height = group_of((high - low) / row.spot * 10_000, HEIGHTS, row.scale_bp)
    classes = (
        lambda _: 2 * height + other,
        lambda _: 2 * group_of(lead_ms, LEADS) + other,
        lambda before: bin_of(before) * SIDES + side,
    )
    applied = []
    for stage, class_of in enumerate(classes):
        index = class_of(chance)
        factor = row.known(window_ms).factors[stage][index]
        applied.append((index, factor))
        chance = min(1.0, chance * factor / ONE)
    stages = [(index, min(1.0, chance * ONE / factor)) for index, factor in applied]
    return stages, chance


def margins(row, ordinary, window_ms):
    """`(trust, edge, margin)` of the bucket that a price at ordinary margins is nearest to."""
    index = max([0, *(index for index, (low, _) in enumerate(BUCKETS) if ordinary >= low)])
    trust, half_width = row.known(window_ms).buckets[index]
    if trust == 'certified':
        return trust, row.edge, 0.004
    return trust, max(0.06, 0.05 + min(0.08, half_width)) + (row.edge - 0.05), 0.008


def offers(row, chance, haircut, window_ms, slack):
    """`{(trust, hundredths)}` of a probability: several where the last digit decides."""
    ordinary = 100 / (1.05 * chance + 0.004)
    found = set()
    for price in {math.floor(ordinary - slack), math.floor(ordinary + slack)}:
        trust, edge, margin = margins(row, price, window_ms)
        exact = 100 * (1 - haircut) / ((1 + edge) * chance + margin)
        found |= {(trust, math.floor(exact - slack)), (trust, math.floor(exact + slack))}
    return found
