"""The multiplier of a cell from the inputs of a revision, written from docs/odds.md with nothing but math."""

import math

import learned
from columns import columns_of

NODES = 20
MIXTURE_XI = 0.35
# 10⁻¹² of probability are this much of a multiplier of 25×, in hundredths.
FLOOR_SLACK = 1e-7


def gauss_legendre(count):
    """Nodes and weights on [0, 1], by Newton on the Legendre polynomial."""
    pairs = []
    for i in range(count):
        x = math.cos(math.pi * (i + 0.75) / (count + 0.5))
        for _ in range(100):
            p, before = 1.0, 0.0
            for k in range(count):
                p, before = ((2 * k + 1) * x * p - k * before) / (k + 1), p
            slope = count * (x * p - before) / (x * x - 1)
            step = p / slope
            x -= step
            if abs(step) < 1e-16:
                break
        pairs.append(((x + 1) / 2, 1 / ((1 - x * x) * slope * slope)))
    return pairs


GAUSS = gauss_legendre(NODES)
MIXTURE = [
    (weight, math.exp(2 * MIXTURE_XI * z)) for weight, z in ((2 / 9, -1.5), (5 / 9, 0.0), (2 / 9, 1.5))
]
MEAN = sum(weight * variance for weight, variance in MIXTURE)
MIXTURE = [(weight, variance / MEAN) for weight, variance in MIXTURE]


def upper(x):
    """Q(x) = 1 − Φ(x)."""
    return 0.5 * math.erfc(x / math.sqrt(2))


def owen_t(h, q):
    h = abs(h)
    if q > 1:
        return upper(h) / 2 + upper(q * h) / 2 - upper(h) * upper(q * h) - owen_t(q * h, 1 / q)
    return (
        q
        / (2 * math.pi)
        * sum(w * math.exp(-h * h * (1 + q * q * x * x) / 2) / (1 + q * q * x * x) for x, w in GAUSS)
    )


def touch(a, b, v1, vw):
    """That a log price which is at 0 now is in [a, b] when the window opens, or meets it before the window
    ends."""
    if v1 == 0:
        if a <= 0 <= b:
            return 1.0
        return 0.0 if vw == 0 else 2 * upper((a if a > 0 else -b) / math.sqrt(vw))
    s = math.sqrt(v1 + vw)
    inside = upper(a / s) - upper(b / s) if a > 0 else upper(-b / s) - upper(-a / s)
    if vw == 0:
        return inside
    q = math.sqrt(vw / v1)
    return min(1.0, inside + 2 * (owen_t(a / s, q) + owen_t(b / s, q)))


def probability(row, low, high, lead_ms, window_ms):
    if row.model == 2:
        return learned.staged(row, low, high, lead_ms, window_ms, touch)[1]
    lead, window = max(0, lead_ms) / 1000, window_ms / 1000
    fading = math.exp(-lead / 10)
    v1 = row.v10 * (lead + 0.25) + 10 * row.vf * (1 - fading)
    per_second = row.cw * (row.v10 + row.vf * fading)
    shift = 0.5826 * math.sqrt(per_second) * math.sqrt(row.tick_ms / 1000)
    a, b = (1e4 * math.log(edge / row.spot) for edge in (low, high))
    total = 0.0
    for weight, variance in MIXTURE:
        inward = min((b - a) / 2, shift * math.sqrt(variance))
        total += weight * touch(
            a + inward, max(a + inward, b - inward), v1 * variance, window * per_second * variance
        )
    return min(1.0, total)


def column_of(row, start, window):
    """The column that opens at `start` and is `window` long, or None."""
    for column in columns_of(row):
        if (column.start, column.window) == (start, window):
            return column
    return None


def prices(row, bet):
    """`{(trust, hundredths)}` of a bet's cell in a revision, cut down; two where the last digit of the
    floating point decides. What model 1 offers is trusted."""
    column = column_of(row, bet.start_ms, bet.window_ms)
    haircut = column.haircut if column else row.haircut
    chance = probability(row, bet.low, bet.high, bet.start_ms - row.at, bet.window_ms)
    if row.model == 2:
        return learned.offers(row, chance, haircut, bet.window_ms, FLOOR_SLACK)
    exact = 100 * (1 - haircut) / ((1 + row.edge) * chance + row.margin)
    return {('certified', math.floor(exact - FLOOR_SLACK)), ('certified', math.floor(exact + FLOOR_SLACK))}


def shown_multipliers(row, bet):
    """What a revision offered the cell for; empty when it was not for sale."""
    return {
        price
        for trust, price in prices(row, bet)
        if trust != 'closed' and 105 <= price <= row.cap_hundredths and row.at <= bet.start_ms
    }


def locked_multipliers(row, bet):
    """What a held tap is filled at; None among them when it counts as moved."""
    return {
        None
        if price < 101 or price_below_guard(min(price, row.cap_hundredths), bet)
        else min(price, row.cap_hundredths)
        for _, price in prices(row, bet)
    }


def price_below_guard(price, bet):
    return price * 100 < bet.shown * bet.guard_percent
