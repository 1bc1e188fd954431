"""Both hash chains, written from docs/ledger-format.md: every line of every commit is built from its row and
hashed again."""

import hashlib
from collections import defaultdict
from datetime import datetime, timezone

from books import ZEROS
from lines import action_line, bet_line, line, revision_line, shadow_line

CLOSING = {'loss': 'lost', 'payout': 'won', 'refund': 'void'}


def digest(lines):
    return hashlib.sha256('\n'.join(lines).encode()).hexdigest()


def grouped(rows, key):
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def check_ticks(books, report):
    """Tick chain, numbers and times of the ticks, and the price as the median of what its venues said."""
    check = report.check(
        'ticks',
        'each hash of the tick chain, numbers without holes, times that rise, prices that are the median',
    )
    head = books.archived.tick_chain_out if books.archived else ZEROS
    seq = books.archived.tick_seq if books.archived else 0
    at = batch = 0
    lines = []
    for index, tick in enumerate(books.ticks):
        check.holds(tick.seq == seq + 1, lambda: f'tick {tick.seq} follows tick {seq}')
        check.holds(tick.at > at, lambda: f'tick {tick.seq} is of {tick.at}, the one before of {at}')
        check.holds(
            tick.batch >= batch,
            lambda: f'tick {tick.seq} is of batch {tick.batch}, the one before of {batch}',
        )
        prices = dict(sources_of(tick))
        check.holds(
            len(prices) == len(tick.sources.split(' ')) and tick.price == median(prices.values()),
            lambda: f'tick {tick.seq}: {tick.price} is not the median of {tick.sources}',
        )
        seq, at, batch = tick.seq, tick.at, tick.batch
        lines.append('|'.join([str(tick.seq), str(tick.at), str(tick.price), tick.sources]))
        if index + 1 < len(books.ticks) and books.ticks[index + 1].batch == tick.batch:
            check.holds(
                tick.hash is None, lambda: f'tick {tick.seq} is not the last of its commit and has a hash'
            )
            continue
        head = digest([head, *lines])
        lines = []
        check.holds(tick.hash == head, lambda: f'tick {tick.seq}: its hash is not that of its commit')
        head = tick.hash or head
    return check


def sources_of(tick):
    for part in tick.sources.split(' '):
        venue, _, price = part.partition('=')
        yield venue, int(price) if price.isdecimal() else -1


def median(prices):
    ordered = sorted(prices)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


class Commits:
    """The rows of each commit, and the canonical lines that they make."""

    def __init__(self, books):
        self.books = books
        self.rows = {
            'bet': grouped(books.bets, lambda bet: bet.batch),
            'lock': grouped(
                (bet for bet in books.bets if bet.locked_batch is not None and not bet.filled),
                lambda bet: bet.locked_batch,
            ),
            'ledger row': grouped(books.ledger, lambda row: row.batch),
            'revision': grouped(books.revisions, lambda row: row.batch),
            'shadow block': grouped(books.shadow_blocks, lambda row: row.batch),
            'action': grouped(books.operator_actions, lambda row: row.batch),
            'tick': grouped(books.ticks, lambda tick: tick.batch),
        }

    def lines(self, batch, head, tick_head):
        books, rows = self.books, self.rows
        yield line('batch', batch.seq, batch.at, head)
        for bet in rows['bet'][batch.seq]:
            intent = books.intent_of.get(bet.intent_id)
            yield bet_line(bet, intent.nonce if intent else '')
        for bet in rows['lock'][batch.seq]:
            yield line('lock', bet.id, bet.locked, bet.locked_revision)
        for row in rows['ledger row'][batch.seq]:
            yield line(
                'entry',
                row.id,
                row.account_id,
                row.at,
                row.kind,
                row.amount,
                row.balance_after,
                row.version,
                row.bet_id,
            )
            bet = books.bet_of.get(row.bet_id)
            if row.kind in CLOSING and bet:
                yield line(
                    'close',
                    bet.id,
                    bet.status,
                    bet.closed_at,
                    bet.closed_tick,
                    bet.void_reason,
                    bet.locked_revision,
                )
        yield from map(revision_line, rows['revision'][batch.seq])
        yield from map(shadow_line, rows['shadow block'][batch.seq])
        yield from map(action_line, rows['action'][batch.seq])
        yield line('ticks', tick_head)


def check_ledger_chain(books, report, anchors):
    """Ledger chain: every commit from its rows."""
    check = report.check('chain', 'each hash of the ledger chain, from the rows of its commit')
    commits = Commits(books)
    head = books.archived.chain_out if books.archived else ZEROS
    tick_head = books.archived.tick_chain_out if books.archived else ZEROS
    last = books.first_batch - 1
    if books.archived and last in books.batch_of:
        check.holds(
            books.batch_of[last].hash == head,
            f'batch {last} ends the archive, with another hash than its segment has',
        )
    for batch in books.batches_known:
        check.holds(batch.seq == last + 1, lambda: f'batch {batch.seq} follows batch {last}')
        last = batch.seq
        check.holds(
            batch.previous_hash == head, lambda: f'batch {batch.seq} does not name the hash before it'
        )
        if commits.rows['tick'][last]:
            tick_head = commits.rows['tick'][last][-1].hash or ''
        check.holds(
            batch.tick_hash == tick_head, lambda: f'batch {batch.seq} has another head of the tick chain'
        )
        check.holds(
            batch.hash == digest(commits.lines(batch, head, tick_head)),
            lambda: f'batch {batch.seq}: its hash is not that of its rows',
        )
        head = batch.hash
    for name, groups in commits.rows.items():
        for batch, rows in groups.items():
            known = batch in books.batch_of or (books.archived is not None and batch < books.first_batch)
            check.holds(known or not rows, lambda: f'a {name} names batch {batch}, which is not there')
    for batch, noted in anchors:
        found = books.batch_of.get(batch)
        if found is None and books.archived and batch < books.first_batch:
            check.leave_out('noted heads of batches that are archived')
        else:
            check.holds(
                found is not None and found.hash == noted, f'batch {batch} was noted with another hash'
            )
    return check


def check_segments(books, report):
    """What the books say of their own archive: segments join each other without a hole."""
    check = report.check('archive', 'segments of the archive join each other, in commits and in both chains')
    (house,) = books.db.execute('SELECT id FROM house').fetchone() or ('',)
    before = None
    for row in books.archive_segments:
        if before is None:
            check.holds(
                row.first_batch == 1 and row.chain_in == ZEROS and row.tick_chain_in == ZEROS,
                f'segment {row.number} does not begin with the first commit',
            )
        else:
            joined = (row.number, row.first_batch, row.chain_in, row.tick_chain_in) == (
                before.number + 1,
                before.last_batch + 1,
                before.chain_out,
                before.tick_chain_out,
            )
            check.holds(joined, f'segment {row.number} does not join the one before')
            grows = all(
                getattr(row, name) >= getattr(before, name)
                for name in ('ledger_id', 'bet_seq', 'intent_id', 'tick_seq', 'revision', 'ended_at')
            )
            check.holds(grows, f'segment {row.number} ends before the one before it')
        year, week, _ = datetime.fromtimestamp(row.began_at / 1000, timezone.utc).isocalendar()
        named = row.week == f'{year}-W{week:02d}' and row.object_key in (
            f'archive/{house}/segments/{row.number:08d}.jsonl.zst',
            f'archive/segments/{row.number:08d}.jsonl.zst',
        )
        check.holds(named, lambda: f'segment {row.number} has the name of another one')
        check.holds(
            row.began_at <= row.ended_at <= row.sealed_at,
            f'segment {row.number}: its times do not follow each other',
        )
        before = row
    return check
