"""Quotes, locks and outcomes of the bets, each decided anew from revisions and ticks (docs/rules.md,
docs/odds.md)."""

from bisect import bisect_left

from chains import median, sources_of
from odds import column_of, locked_multipliers, shown_multipliers

# A house that was killed has bets that are decided and not yet closed. One that has made ticks for a minute
# since has none.
OVERDUE_TICKS_MAX = 600


def check_quotes(books, report):
    check = report.check(
        'quotes', 'each multiplier that was shown follows from its revision, and the band was on that board'
    )
    for bet in books.bets:
        row = books.revision_of.get(bet.shown_revision)
        if row is None and books.archived and bet.shown_revision <= books.archived.revision:
            check.leave_out('quotes of revisions that are archived')
            continue
        if not check.holds(
            row is not None, lambda: f'bet {bet.id}: its revision {bet.shown_revision} is not there'
        ):
            continue
        column = column_of(row, bet.start_ms, bet.window_ms)
        on_board = (
            column is not None
            and bet.high - bet.low == column.band
            and bet.low >= column.low
            and (bet.low - column.low) % column.band == 0
        )
        check.holds(on_board, lambda: f'bet {bet.id}: revision {row.revision} has no such band')
        check.holds(
            row.pause is None,
            lambda: f'bet {bet.id}: nothing was for sale at revision {row.revision} ({row.pause})',
        )
        offered = shown_multipliers(row, bet)
        check.holds(
            bet.shown in offered,
            lambda: (
                f'bet {bet.id}: shown {bet.shown}, revision {row.revision} makes '
                f'{sorted(offered) or "nothing"}'
            ),
        )
    return check


def check_locks(books, report):
    """The first revision at or after the lock time fills a held bet, or gives its stake back."""
    check = report.check(
        'locks',
        'each held bet was filled by the first revision from its lock time on, or came back as moved or '
        'no_revision',
    )
    for bet in books.bets:
        if bet.filled:
            as_shown = (bet.locked, bet.locked_revision, bet.locked_batch) == (
                bet.shown,
                bet.shown_revision,
                None,
            )
            check.holds(
                as_shown,
                lambda: (
                    f'bet {bet.id}: filled at {bet.locked} by revision {bet.locked_revision}, shown '
                    f'{bet.shown} by {bet.shown_revision}'
                ),
            )
            continue
        if bet.void_reason == 'operator' and bet.locked is None:
            continue
        row = books.first_revision_from(bet.lock_at)
        if books.archived and (not books.revisions or bet.lock_at <= books.revisions[0].at):
            check.leave_out('locks by revisions that are archived')
            continue
        if bet.status == 'placed':
            check.leave_out('bets that wait for their lock')
            continue
        in_time = row is not None and row.at < bet.start_ms
        if bet.void_reason == 'no_revision':
            check.holds(
                not in_time and (bet.locked, bet.locked_revision, bet.locked_batch) == (None, None, None),
                lambda: (
                    f'bet {bet.id}: no_revision, and yet locked or a revision came in time '
                    f'({row.revision if row else None})'
                ),
            )
            continue
        if not check.holds(in_time, lambda: f'bet {bet.id}: no revision could lock it'):
            continue
        check.holds(
            bet.locked_revision == row.revision,
            lambda: (
                f'bet {bet.id}: locked by revision {bet.locked_revision}, the first from its lock time on '
                f'is {row.revision}'
            ),
        )
        possible = locked_multipliers(row, bet)
        found = None if bet.void_reason == 'moved' else bet.locked
        check.holds(
            found in possible,
            lambda: f'bet {bet.id}: locked at {found}, revision {row.revision} makes {possible}',
        )
        check.holds(
            bet.void_reason != 'moved' or (bet.locked is None and bet.locked_batch is None),
            lambda: f'bet {bet.id}: moved, and yet locked',
        )
        check.holds(
            bet.locked is None or bet.locked_batch is not None, lambda: f'bet {bet.id}: locked by no commit'
        )
    return check


def jump(before, tick):
    """How far the coming and going of venues alone moved the price; None without bound."""
    then, now = dict(sources_of(before)), dict(sources_of(tick))
    if then.keys() == now.keys():
        return 0
    stayed = then.keys() & now.keys()
    if not stayed:
        return None
    return abs(before.price - median([then[venue] for venue in stayed])) + abs(
        tick.price - median([now[venue] for venue in stayed])
    )


def resolve(bet, ticks, first, max_gap):
    """(status, deciding tick, time) of a bet from the tick log, `ticks[first]` the newest at or before its
    opening; None while it is open."""
    start, end = bet.start_ms, bet.start_ms + bet.window_ms
    inside = lambda price: bet.low <= price <= bet.high
    # Of version 1 the carried price is that of the newest tick before the opening, and one at the opening
    # counts as inside the window.
    carried = None
    index = first
    while index < len(ticks) and (ticks[index].at <= start if bet.rule >= 2 else ticks[index].at < start):
        carried = ticks[index]
        index += 1
    if bet.rule == 1 and carried is None and first > 0:
        carried = ticks[first - 1]
    if carried is not None and start - carried.at <= max_gap and inside(carried.price):
        return 'won', carried.seq, start
    before, broken = carried, False
    for tick in ticks[index:]:
        gap = before is None or tick.at - before.at > max_gap
        broken = broken or (gap and tick.at > start)
        if tick.at >= end:
            return ('void', None, end) if broken else ('lost', tick.seq, tick.at)
        moved = 0 if gap or bet.rule == 1 else jump(before, tick)
        line = not gap and moved is not None and 2 * moved <= bet.high - bet.low
        low, high = (
            (min(before.price, tick.price), max(before.price, tick.price))
            if line
            else (tick.price, tick.price)
        )
        if high >= bet.low and low <= bet.high:
            return 'won', tick.seq, tick.at
        before = tick
    return None


def check_outcomes(books, report):
    check = report.check(
        'outcomes', 'each bet ended as the ticks say under the version of the rule that it was taken under'
    )
    voided = {
        (action.batch, action.target) for action in books.operator_actions if action.what == 'void-window'
    }
    entry_of = {row.id: row for row in books.ledger}
    for bet in books.bets:
        check.holds(bet.rule in (1, 2), lambda: f'bet {bet.id}: there is no rule version {bet.rule}')
        if bet.status in ('placed', 'locked'):
            check.leave_out('bets that are open')
            overdue = len(books.ticks) - bisect_left(books.tick_times, bet.start_ms + bet.window_ms)
            check.holds(
                overdue <= OVERDUE_TICKS_MAX,
                lambda: f'bet {bet.id}: still open {overdue} ticks after the end of its window',
            )
            continue
        closing = entry_of.get(bet.closing_entry)
        if bet.void_reason == 'operator':
            check.holds(
                closing is not None and (closing.batch, str(bet.start_ms)) in voided,
                lambda: f'bet {bet.id}: no operator called its window off',
            )
            if bet.locked is not None and closing is not None:
                known = [
                    tick
                    for tick in books.ticks[books.ticks_from(bet.start_ms) :]
                    if tick.batch < closing.batch
                ]
                found = (
                    resolve(bet, known, 0, books.term(bet, 'maxGapMs'))
                    if known and known[-1].at > bet.start_ms
                    else None
                )
                check.holds(
                    found is None or found[0] == 'void',
                    lambda: f'bet {bet.id}: called off when the ticks had decided it, {found}',
                )
            continue
        if bet.void_reason in ('moved', 'no_revision'):
            check.holds(
                bet.closed_tick is None, lambda: f'bet {bet.id}: {bet.void_reason} has no deciding tick'
            )
            continue
        if bet.status == 'void':
            check.holds(bet.void_reason == 'gap', lambda: f'bet {bet.id}: void for {bet.void_reason}')
        if books.archived and (not books.ticks or books.ticks[0].at >= bet.start_ms):
            check.leave_out('outcomes by ticks that are archived')
            continue
        found = resolve(bet, books.ticks, books.ticks_from(bet.start_ms), books.term(bet, 'maxGapMs'))
        told = (bet.status, bet.closed_tick, bet.closed_at)
        if found is None:
            silent = (
                bet.status == 'void'
                and bet.closed_tick is None
                and bet.closed_at == bet.start_ms + bet.window_ms
            )
            check.holds(silent, lambda: f'bet {bet.id}: {told}, and the ticks do not decide it yet')
        else:
            check.holds(told == found, lambda: f'bet {bet.id}: {told}, the ticks say {found}')
    return check
