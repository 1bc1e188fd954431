"""Order in the chain against the times: nothing may be written down after its outcome could be known."""

from orders import read
from restrictions import own_holds


def check_times(books, report, deadline_ms_max):
    check = report.check(
        'times',
        'what was chained first also came first: bets before their windows, revisions before locks, ticks '
        'before closings',
    )
    entry_of = {row.id: row for row in books.ledger}
    before = None
    for batch in books.batches_known:
        # Before the first terms a commit had the time of a wall clock, which may be set back.
        bounded = before is not None and bool(books.terms) and batch.seq > books.terms[0][0]
        check.holds(
            not bounded or batch.at >= before.at,
            lambda: f'batch {batch.seq} is of {batch.at}, the one before of {before.at}',
        )
        before = batch
    check_revisions(books, check)
    check_ticks_and_actions(books, check)
    for bet in books.bets:
        batch = books.batch_of.get(bet.batch)
        if batch is not None:
            check.holds(
                abs(bet.placed_at - batch.at) <= 2_000,
                lambda: f'bet {bet.id}: placed at {bet.placed_at}, committed at {batch.at}',
            )
        check.holds(
            bet.start_ms - bet.placed_at >= bet.window_ms,
            lambda: f'bet {bet.id}: placed less than a window before its own',
        )
        index = books.ticks_from(bet.start_ms)
        while index < len(books.ticks) and books.ticks[index].at < bet.start_ms:
            index += 1
        if index < len(books.ticks):
            tick = books.ticks[index]
            check.holds(
                tick.batch >= bet.batch,
                lambda: (
                    f'bet {bet.id}: chained in batch {bet.batch}, after tick {tick.seq} of its window '
                    f'(batch {tick.batch})'
                ),
            )
        hold = 0 if bet.filled else books.term(bet, 'holdMs')
        held = bet.lock_at - bet.placed_at
        # An operator may have set a longer hold for the account, but none as long as a window.
        check.holds(
            held == hold
            or hold > 0
            and held in (max(hold, min(own, bet.window_ms - 1)) for own in own_holds(books, bet)),
            lambda: f'bet {bet.id}: held for {held} ms, {hold} expected',
        )
        shown = books.revision_of.get(bet.shown_revision)
        if shown is not None:
            age = bet.placed_at - shown.at
            check.holds(
                0 <= age <= books.term(bet, 'quoteTtlMs'), lambda: f'bet {bet.id}: its quote was {age} ms old'
            )
            check.holds(
                shown.batch <= bet.batch, lambda: f'bet {bet.id}: chained before the quote that it names'
            )
        intent = books.intent_of.get(bet.intent_id)
        head, _ = read(intent.signed_text) if intent else (None, [])
        if head is not None:
            left = int(head[4]) - bet.placed_at
            check.holds(
                0 <= left <= deadline_ms_max, lambda: f'bet {bet.id}: placed {left} ms before its deadline'
            )
            check.holds(
                abs(intent.at - bet.placed_at) <= 2_000,
                lambda: f'bet {bet.id}: its order is of {intent.at}, placed at {bet.placed_at}',
            )
        check_closing(books, check, bet, entry_of)
    return check


def check_revisions(books, check):
    before = None
    for row in books.revisions:
        if before is not None:
            check.holds(
                row.revision == before.revision + 1 and row.at >= before.at and row.batch >= before.batch,
                lambda: f'revision {row.revision} does not follow the one before',
            )
        elif not books.archived:
            check.holds(row.revision == 1, lambda: f'the first revision is {row.revision}')
        before = row
        tick = books.tick_of.get(row.tick_seq)
        if tick is None and books.archived and row.tick_seq <= books.archived.tick_seq:
            check.leave_out('revisions on ticks that are archived')
            continue
        stands = (
            tick is not None
            and (row.spot, row.at, row.haircut) == (tick.price, tick.at, 0)
            and row.model in (1, 2)
            and tick.batch <= row.batch
        )
        check.holds(stands, lambda: f'revision {row.revision} does not stand on tick {row.tick_seq}')


def check_ticks_and_actions(books, check):
    before = None
    for action in books.operator_actions:
        check.holds(
            before is None or (action.seq == before.seq + 1 and action.batch >= before.batch),
            lambda: f'action {action.seq} does not follow the one before',
        )
        before = action
    for tick in books.ticks:
        batch = books.batch_of.get(tick.batch)
        check.holds(
            batch is None or tick.at <= batch.at + 2_000,
            lambda: f'tick {tick.seq} is of {tick.at}, its commit of {batch.at}',
        )


def check_closing(books, check, bet, entry_of):
    locked = books.revision_of.get(bet.locked_revision)
    lock_batch = bet.locked_batch if bet.locked_batch is not None else bet.batch if bet.filled else None
    if locked is not None and lock_batch is not None:
        check.holds(
            locked.batch <= lock_batch,
            lambda: f'bet {bet.id}: locked in batch {lock_batch}, its revision is of batch {locked.batch}',
        )
    closing = entry_of.get(bet.closing_entry)
    if closing is None:
        return
    check.holds(
        closing.batch >= max(bet.batch, lock_batch or 0),
        lambda: f'bet {bet.id}: closed before it was placed and locked',
    )
    if locked is not None:
        check.holds(
            closing.batch >= locked.batch,
            lambda: f'bet {bet.id}: closed before revision {locked.revision} was there',
        )
    tick = books.tick_of.get(bet.closed_tick)
    if tick is not None:
        check.holds(
            tick.batch <= closing.batch,
            lambda: (
                f'bet {bet.id}: closed in batch {closing.batch}, its deciding tick is of batch {tick.batch}'
            ),
        )
    elif bet.closed_tick is not None and not (books.archived and bet.closed_tick <= books.archived.tick_seq):
        check.holds(False, lambda: f'bet {bet.id}: its deciding tick {bet.closed_tick} is not there')
    check.holds(
        closing.at + 2_000 >= bet.closed_at,
        lambda: f'bet {bet.id}: closed at {bet.closed_at}, committed at {closing.at}',
    )
