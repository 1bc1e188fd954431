"""Traders' own limits: tightened at once, loosened after a day, no pause taken back, no bet in one."""

from collections import defaultdict

DAY_MS = 86_400_000
LIMITS = ('daily_loss_max', 'loosens_at', 'loosens_to', 'paused_until', 'reminder_minutes')


def check_limits(books, report):
    check = report.check(
        'limits',
        'own limits were loosened only after a day, no pause was shortened, no bet was placed in one',
    )
    changes = defaultdict(list)
    for row in books.limit_changes:
        changes[row.account_id].append(row)
    for account_id, rows in changes.items():
        account = books.account_of.get(account_id)
        for before, row in zip(rows, rows[1:]):
            check.holds(
                row.at >= before.at and row.batch >= before.batch,
                lambda: f'change {row.seq} of {account_id} is older than the one before',
            )
            check.holds(
                (row.paused_until or 0) >= (before.paused_until or 0),
                lambda: f'change {row.seq} shortens a pause of {account_id}',
            )
            held = before.daily_loss_max
            if before.loosens_at is not None and before.loosens_at <= row.at:
                held = before.loosens_to
            tightened = row.daily_loss_max is not None and (held is None or row.daily_loss_max <= held)
            check.holds(
                tightened or row.daily_loss_max == held,
                lambda: f'change {row.seq} loosens the daily loss limit of {account_id} at once',
            )
            waits = (
                row.loosens_at is None
                or row.loosens_at >= row.at + DAY_MS
                or (row.loosens_at, row.loosens_to) == (before.loosens_at, before.loosens_to)
            )
            check.holds(
                waits, lambda: f'change {row.seq} loosens the daily loss limit of {account_id} within a day'
            )
        if account is not None:
            last = rows[-1]
            stands = all(getattr(account, name) == getattr(last, name) for name in (*LIMITS, 'guard_percent'))
            check.holds(stands, lambda: f'account {account_id} has other limits than its last change')
    for account in books.accounts:
        if account.id not in changes:
            unset = all(getattr(account, name) is None for name in LIMITS)
            check.holds(unset, lambda: f'account {account.id} has limits that it never set')
    if books.archived:
        check.leave_out('sums of the day that count archived bets', len(books.accounts))
    else:
        check_days(books, check)
    for bet in books.bets:
        for row in changes.get(bet.account_id, ()):
            check.holds(
                not (
                    row.batch < bet.batch
                    and row.paused_until is not None
                    and bet.placed_at < row.paused_until
                    and bet.placed_at >= row.at
                ),
                lambda: f'bet {bet.id}: placed in a pause of its account',
            )
    return check


def check_days(books, check):
    """What an account staked on its day, and what came back of that; each stake counts for the day on which
    it was placed."""
    days = defaultdict(lambda: [0, 0])
    for bet in books.bets:
        sums = days[bet.account_id, bet.placed_at // DAY_MS]
        sums[0] += bet.stake
        sums[1] += bet.payout
    for account in books.accounts:
        found = days.get((account.id, account.day), [0, 0])
        check.holds(
            [account.day_staked, account.day_returned] == found,
            lambda: (
                f'account {account.id} says {[account.day_staked, account.day_returned]} of day '
                f'{account.day}, its bets {found}'
            ),
        )
