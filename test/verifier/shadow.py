"""The shadow book worked out again from ticks and revisions, written from docs/odds.md and
docs/ledger-format.md."""

import math
from bisect import bisect_left
from types import SimpleNamespace

import learned
from columns import columns_of
from earned import check_version, sums_of
from learned import BINS, BUCKETS, LEADS, SIDES, STAGES, bin_of, numbers_of, side_of, windows_of
from odds import FLOOR_SLACK, probability, touch
from outcomes import resolve

BLOCK_MS = 300_000
EVERY_MS = 8_000
WINDOWS_AHEAD_MAX = 62
MOVE_MS = 2_000
GAP_MS = 3_000
# Two programs' probabilities may be rounded to another millionth once in half a million cells.
ROUNDING = 2


def bucket_of(price):
    for index, (low, high) in enumerate(BUCKETS):
        if low <= price < high:
            return index
    return -1


def drift_at(books, at):
    """Sign of the price's move over the last two seconds; 0 across a gap."""
    last = books.ticks_from(at)
    first = books.ticks_from(at - MOVE_MS)
    if books.ticks[first].at > at - MOVE_MS:
        return 0
    for index in range(first, last):
        if books.ticks[index + 1].at - books.ticks[index].at > GAP_MS:
            return 0
    move = books.ticks[last].price - books.ticks[first].price
    return (move > 0) - (move < 0)


class Sums:
    def __init__(self, boards):
        self.classes, self.evidence, self.offers = {}, {}, {}
        self.learned = [[0, 0] for _ in range(sum(STAGES) * boards)]
        self.doubtful = 0

    def add(self, kind, key, second, third):
        sums = getattr(self, kind)
        cells, *before = sums.get(key, (0, 0, 0))
        sums[key] = (cells + 1, before[0] + second, before[1] + third)

    def price(self, chance, edge, margin, haircut):
        exact = 100 * (1 - haircut) / ((1 + edge) * chance + margin)
        if math.floor(exact - FLOOR_SLACK) != math.floor(exact + FLOOR_SLACK):
            self.doubtful += 1
        return math.floor(exact)


    def offered(self, row, chance, haircut, window):
        """The multiplier at which the revision sold the cell, 0 where it did not."""
        if row.model == 1:
            return self.price(chance, row.edge, row.margin, haircut)
        found = learned.offers(row, chance, haircut, window, FLOOR_SLACK)
        if len(found) > 1:
            self.doubtful += 1
        trust, price = min(found)
        return 0 if trust == 'closed' else price

    def learn(self, board, stages, touched):
        at = board * sum(STAGES)
        for classes, (index, before) in zip(STAGES, stages):
            self.learned[at + index][0] += int(touched)
            self.learned[at + index][1] += math.floor(before * 1e6 + 0.5)
            at += classes


def looks(books, block):
    """The first revision of each eight seconds whose cells may have ended in the block."""
    end = (block.block + 1) * BLOCK_MS
    ahead = WINDOWS_AHEAD_MAX * max(windows_of(block))
    at = max(block.since, (end - BLOCK_MS - ahead) // EVERY_MS * EVERY_MS)
    while at < end:
        row = books.first_revision_from(at)
        if row is None or row.at >= end:
            return
        yield row
        at = (row.at // EVERY_MS + 1) * EVERY_MS


def again(books, block):
    windows = windows_of(block)
    sums = Sums(len(windows))
    for row in looks(books, block):
        drift = None
        for start, window, band, lowest, haircut in columns_of(row):
            if window not in windows:
                continue
            ended_in = (start + window - 1) // BLOCK_MS
            if start - row.at < window or ended_in != block.block:
                continue
            drift = drift_at(books, row.at) if drift is None else drift
            column = windows.index(window), start, window, band, lowest, haircut
            add_column(books, block, row, column, drift, sums)
    return sums


def add_column(books, block, row, column, drift, sums):
    board, start, window, band, lowest, haircut = column
    newest = books.ticks_from(start)
    before = max(0, newest - 1)
    ticks = books.ticks[before : bisect_left(books.tick_times, start + window) + 1]

    def outcome(low, high):
        cell = SimpleNamespace(
            start_ms=start, window_ms=window, low=low, high=high, rule=block.rule
        )
        return resolve(cell, ticks, newest - before, block.max_gap_ms)

    untouched = outcome(-2, -1)
    if untouched is None or untouched[0] == 'void':
        return
    lead = next(index for index, end in enumerate(LEADS) if start - row.at < end)
    for index in range(block.board_rows):
        low, high = lowest + index * band, lowest + (index + 1) * band
        touched = outcome(low, high)[0] == 'won'
        if row.model == 1:
            chance = probability(row, low, high, start - row.at, window)
        else:
            stages, chance = learned.staged(row, low, high, start - row.at, window, touch)
            sums.learn(board, stages, touched)
        ordinary = sums.price(chance, 0.05, 0.004, 0)
        bucket = bucket_of(ordinary)
        wide = bucket + 1 if bucket >= 0 else 0 if ordinary < 105 else len(BUCKETS) + 1
        side = side_of(row.spot, low, high, drift)
        key = (board * (len(BUCKETS) + 2) + wide) * len(BINS) + bin_of(chance)
        key = (key * SIDES + side) * len(LEADS) + lead
        sums.add('classes', key, int(touched), math.floor(chance * 1e3 + 0.5))
        if row.pause is None and bucket >= 0:
            sums.add('evidence', board * len(BUCKETS) + bucket, *returned(ordinary, chance, touched))
        shown = sums.offered(row, chance, haircut, window)
        if row.pause is None and 105 <= shown <= row.cap_hundredths and bucket_of(shown) >= 0:
            key = (board * len(BUCKETS) + bucket_of(shown)) * len(LEADS) + lead
            sums.add('offers', key, *returned(shown, chance, touched))


def returned(price, chance, touched):
    return math.floor(price * chance * 1e4 + 0.5), price if touched else 0


def same(one, other):
    return one.keys() == other.keys() and all(
        a == b or (a[0] == b[0] and abs(a[1] - b[1]) <= ROUNDING and abs(a[2] - b[2]) <= ROUNDING)
        for a, b in ((one[key], other[key]) for key in one)
    )


def check_shadow(books, report, blocks_max):
    check = report.check(
        'shadow', 'each block of the shadow book is what all cells came to, by revisions and ticks'
    )
    before = None
    for block in books.shadow_blocks:
        check.holds(
            block.since % EVERY_MS == 0 and block.since <= (block.block + 1) * BLOCK_MS,
            lambda: f'block {block.block} begins at {block.since}',
        )
        in_order = before is None or (before.batch <= block.batch and before.since <= block.since)
        check.holds(in_order, lambda: f'block {block.block} does not follow block {before.block}')
        before = block
    older = max(0, len(books.shadow_blocks) - blocks_max)
    if older:
        check.leave_out('older blocks of the shadow book', older)
    for block in books.shadow_blocks[older:]:
        first = max(block.since, block.block * BLOCK_MS - WINDOWS_AHEAD_MAX * max(windows_of(block)))
        if not books.ticks or (books.ticks[0].seq > 1 and books.ticks[0].at > first - EVERY_MS):
            check.leave_out('blocks of the shadow book whose ticks are archived')
            continue
        found = again(books, block)
        if found.doubtful:
            check.leave_out('blocks of the shadow book in which the last digit decides')
            continue
        for kind in ('classes', 'evidence', 'offers'):
            told = sums_of(getattr(block, kind))
            check.holds(
                same(told, getattr(found, kind)),
                lambda: f'block {block.block}: other {kind} than revisions and ticks say',
            )
        told = numbers_of(block.learned) or [0] * (2 * sum(STAGES) * len(windows_of(block)))
        pairs = zip(told, (number for seen in found.learned for number in seen))
        check.holds(
            all(abs(one - other) <= ROUNDING for one, other in pairs),
            lambda: f'block {block.block}: learned something else than revisions and ticks say',
        )
    for block in books.shadow_blocks[older:]:
        check_version(books, block, check)
    return check
