"""What holds behind a block of the shadow book by the blocks of seven days, written from docs/odds.md."""

import math

from learned import BUCKETS, ONE, PRIOR_FACTORS, STAGES, TRUSTS, factors_of, numbers_of

BLOCKS = 2_016
MILLION = 1_000_000
KEEP = (0.9951980443443538, 0.9438743126816935, 0.9438743126816935)
WEIGHT = (75, 75, 40)
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


def lessons_of(books, block):
    return [
        one
        for one in books.shadow_blocks
        if one.simulated == block.simulated and block.block - BLOCKS < one.block <= block.block
    ]


def factors_after(books, block):
    lessons = {one.block: numbers_of(one.learned) for one in lessons_of(books, block)}
    factors, at = [], 0
    for classes, keep, weight in zip(STAGES, KEEP, WEIGHT):
        for index in range(at, at + classes):
            touched = expected = 0
            for number in range(min(lessons), block.block + 1):
                seen = lessons.get(number) or ()
                new = (seen[2 * index] * MILLION, seen[2 * index + 1]) if seen else (0, 0)
                touched = math.floor(touched * keep) + new[0]
                expected = math.floor(expected * keep) + new[1]
            prior = weight * MILLION * (PRIOR_FACTORS[index] / ONE)
            share = (touched + prior) / (expected + weight * MILLION)
            factors.append(math.floor(min(2.5, max(0.4, share)) * ONE + 0.5))
        at += classes
    return factors


def buckets_after(books, block):
    blocks = [sums_of(one.evidence) for one in lessons_of(books, block)]
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
        factors_of(block.factors) == factors_after(books, block),
        lambda: f'block {block.block}: other factors than seven days of blocks make',
    )
    told = numbers_of(block.buckets)
    for bucket, (trust, d, h, width) in enumerate(buckets_after(books, block)):
        near = abs(told[2 * bucket + 1] - round(width * 10_000)) <= 1
        # Sums in another order may fall on the other side of a limit.
        limits = (d - h - 0.03, abs(d) + h - 0.05, h - 0.03, h - 0.05, h - 0.08)
        on_edge = any(abs(distance) < 1e-9 for distance in limits)
        check.holds(
            near and (on_edge or TRUSTS[told[2 * bucket]] == trust),
            lambda: f'block {block.block}: bucket {bucket} is {trust} within {width}',
        )
