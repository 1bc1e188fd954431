"""What holds behind a block of the shadow book by the blocks of seven days, written from docs/odds.md."""

import math

from learned import BUCKETS, ONE, PRIOR_FACTORS, STAGES, TRUSTS, factors_of, numbers_of, windows_of

BLOCKS = 2_016
MILLION = 1_000_000
KEEP = (0.9951980443443538, 0.9438743126816935, 0.9438743126816935)
WEIGHT = (75, 75, 40)
FEW_BLOCKS = 12
WEIGHED_WINDOW = 5_000
PRIOR_BLOCKS = 24


def sums_of(text):
    """`{key: (cells, second, third)}`."""
    numbers, key, sums = numbers_of(text), -1, {}
    if len(numbers) % 4:
        raise ValueError('a sum without its end')
    for at in range(0, len(numbers), 4):
        key += numbers[at]
        sums[key] = tuple(numbers[at + 1 : at + 4])
    return sums


def lessons_of(books, block, window):
    """`[(block, index of the board in it)]`: of a house of one board every block of one board counts, however
    long its windows were."""
    only = len(windows_of(block)) == 1
    found = []
    for one in books.shadow_blocks:
        if one.simulated != block.simulated or not block.block - BLOCKS < one.block <= block.block:
            continue
        windows = windows_of(one)
        if only and len(windows) == 1:
            found.append((one, 0))
        elif window in windows:
            found.append((one, windows.index(window)))
    return found


def learned_of(block, board):
    numbers, size = numbers_of(block.learned), 2 * sum(STAGES)
    return numbers[board * size : (board + 1) * size]


def evidence_of(block, board):
    first = board * len(BUCKETS)
    return {
        key - first: sums
        for key, sums in sums_of(block.evidence).items()
        if first <= key < first + len(BUCKETS)
    }


def factors_after(books, block, window):
    lessons = {one.block: learned_of(one, board) for one, board in lessons_of(books, block, window)}
    factors, at, scale = [], 0, max(1, window / WEIGHED_WINDOW) * MILLION
    for classes, keep, weight in zip(STAGES, KEEP, WEIGHT):
        for index in range(at, at + classes):
            touched = expected = blocks = 0
            for number in range(min(lessons), block.block + 1):
                seen = lessons.get(number) or ()
                new = (seen[2 * index] * MILLION, seen[2 * index + 1]) if seen else (0, 0)
                touched = math.floor(touched * keep) + new[0]
                expected = math.floor(expected * keep) + new[1]
                blocks = math.floor(blocks * keep) + (MILLION if new[1] > 0 else 0)
            if blocks == 0:
                factors.append(PRIOR_FACTORS[index])
                continue
            trust = weight * scale * max(1, FEW_BLOCKS * MILLION / blocks)
            share = (touched + trust * (PRIOR_FACTORS[index] / ONE)) / (expected + trust)
            factors.append(math.floor(min(2.5, max(0.4, share)) * ONE + 0.5))
        at += classes
    return factors


def buckets_after(books, block, window):
    blocks = [evidence_of(one, board) for one, board in lessons_of(books, block, window)]
    found = []
    for bucket in range(len(BUCKETS)):
        own = [sums[bucket] for sums in blocks if bucket in sums]
        cells = sum(count for count, _, _ in own)
        excess = [paid / 100 - quoted / MILLION for _, quoted, paid in own]
        if cells == 0:
            d, h = 0.0, math.inf
        else:
            d, h = sum(excess) / cells, 1.96 * math.sqrt(sum(one * one for one in excess)) / cells
        width = 1 if len(own) < PRIOR_BLOCKS else min(1, math.ceil(h * 10_000) / 10_000)
        found.append((trust_of(bucket, d, h, len(own)), d, h, width))
    return found


def trust_of(bucket, d, h, blocks):
    if d - h > 0.03:
        return 'closed'
    far = BUCKETS[bucket][0] >= 1000
    if blocks < PRIOR_BLOCKS:
        return 'closed' if far else 'provisional'
    if abs(d) + h <= 0.05 and h <= 0.03:
        return 'certified'
    return 'provisional' if h <= (0.05 if far else 0.08) else 'closed'


def check_version(books, block, check):
    check.holds(
        factors_of(block.factors)
        == [factor for window in windows_of(block) for factor in factors_after(books, block, window)],
        lambda: f'block {block.block}: other factors than seven days of blocks make',
    )
    told = numbers_of(block.buckets)
    buckets = [bucket for window in windows_of(block) for bucket in buckets_after(books, block, window)]
    for bucket, (trust, d, h, width) in enumerate(buckets):
        near = abs(told[2 * bucket + 1] - round(width * 10_000)) <= 1
        # Sums in another order may fall on the other side of a limit.
        limits = (d - h - 0.03, abs(d) + h - 0.05, h - 0.03, h - 0.05, h - 0.08)
        on_edge = any(abs(distance) < 1e-9 for distance in limits)
        check.holds(
            near and (on_edge or TRUSTS[told[2 * bucket]] == trust),
            lambda: f'block {block.block}: bucket {bucket} is {trust} within {width}',
        )
