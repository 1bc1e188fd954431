"""Double entry, balances, versions, and the rows of each bet."""

from collections import Counter, defaultdict

CURRENCIES = ('PLAY', 'USD')
CLOSING_KIND = {'won': 'payout', 'lost': 'loss', 'void': 'refund'}
BET_KINDS = ('stake', *CLOSING_KIND.values())


def currency_of(books, account_id):
    account = books.account_of.get(account_id)
    return account.currency if account else None


def check_entries(books, report):
    """Double entry: each commit moves money from accounts to accounts of the same currency, as the table of
    architecture.md says."""
    check = report.check(
        'entries',
        'the rows of each commit add up to zero in each currency, the other sides as the movements say',
    )
    sums, counters, expected, first_money = Counter(), Counter(), Counter(), set()
    for row in books.ledger:
        account = books.account_of.get(row.account_id)
        if not check.holds(
            account is not None, lambda: f'ledger row {row.id} stands on no account ({row.account_id})'
        ):
            continue
        sums[row.batch, account.currency] += row.amount
        batch = books.batch_of.get(row.batch)
        bet = books.bet_of.get(row.bet_id)
        dated = batch is None or (
            row.at == batch.at
            if row.kind == 'counter'
            else row.at == bet.placed_at
            if row.kind == 'stake' and bet
            else row.at <= batch.at + 2_000
        )
        check.holds(dated, lambda: f'ledger row {row.id} is of {row.at}, its commit of {batch.at}')
        if row.kind == 'counter':
            check.holds(
                account.kind != 'player',
                lambda: f'ledger row {row.id}: a counter row on the account of a player',
            )
            counters[row.batch, account.kind, account.currency] += row.amount
            if account.kind == 'house' and row.version == 1:
                first_money.add((row.batch, account.currency))
            continue
        if row.kind == 'stake':
            expected[row.batch, 'open', account.currency] -= row.amount
        elif row.kind in BET_KINDS:
            stake = bet.stake if bet else 0
            expected[row.batch, 'open', account.currency] -= stake
            expected[row.batch, 'house', account.currency] += stake - row.amount
        else:
            expected[row.batch, 'funding', account.currency] -= row.amount
    for (batch, currency), total in sums.items():
        check.holds(total == 0, lambda: f'batch {batch}: its {currency} rows add up to {total}')
    for batch, currency in first_money:
        # The first row of the house alone may hold money that no other row explains: what it was opened with.
        given = max(0, counters[batch, 'house', currency] - expected[batch, 'house', currency])
        expected[batch, 'house', currency] += given
        expected[batch, 'funding', currency] -= given
    for key in counters.keys() | expected.keys():
        check.holds(
            counters[key] == expected[key],
            lambda: (
                f'batch {key[0]}: {key[1]}:{key[2]} moved by {counters[key]}, the rows of the others say '
                f'{expected[key]}'
            ),
        )
    by_batch = defaultdict(list)
    for row in books.ledger:
        by_batch[row.batch].append(row)
    for action in books.operator_actions:
        if action.what == 'transfer' and action.batch >= books.first_batch:
            kind, _, amount = action.detail.partition(' ')
            change = -int(amount) if kind == 'withdrawal' else int(amount)
            moved = any(
                (row.account_id, row.kind, row.amount) == (action.target, kind, change)
                for row in by_batch[action.batch]
            )
            check.holds(
                moved,
                lambda: (
                    f'action {action.seq} moved {change} of {action.target}, no row of batch {action.batch} '
                    'did'
                ),
            )
    return check


def check_balances(books, report):
    check = report.check(
        'balances',
        'each balance is the sum of its rows, with versions without holes, and all of a currency add up to '
        'zero',
    )
    start = {row.account_id: (row.ledger_id, row.balance, row.version) for row in books.ledger_checkpoints}
    standing = {account.id: start.get(account.id, (0, 0, 0))[1:] for account in books.accounts}
    for row in books.ledger:
        if row.account_id not in standing or row.id <= start.get(row.account_id, (0,))[0]:
            continue
        balance, version = standing[row.account_id]
        check.holds(
            row.version == version + 1,
            lambda: f'ledger row {row.id}: version {row.version} of {row.account_id} follows {version}',
        )
        check.holds(
            row.balance_after == balance + row.amount,
            lambda: f'ledger row {row.id}: {balance} and {row.amount} are not {row.balance_after}',
        )
        standing[row.account_id] = (row.balance_after, row.version)
    totals = Counter()
    for account in books.accounts:
        totals[account.currency] += account.balance
        balance, version = standing[account.id]
        check.holds(
            (account.balance, account.version) == (balance, version),
            lambda: (
                f'account {account.id} stands at {account.balance} (version {account.version}), its rows at '
                f'{balance} ({version})'
            ),
        )
        check.holds(
            account.balance >= 0 or account.kind in ('house', 'funding'),
            lambda: f'account {account.id} is below zero',
        )
        internal = account.id == f'{account.kind}:{account.currency}' or account.id.startswith(
            f'funding:{account.currency}:'
        )
        check.holds(
            (account.kind == 'player') != internal,
            lambda: f'account {account.id} is no {account.kind} account of {account.currency}',
        )
    open_stakes = Counter()
    for bet in books.bets:
        if bet.closing_entry is None:
            open_stakes[bet.currency] += bet.stake
    for currency in CURRENCIES:
        check.holds(totals[currency] == 0, lambda: f'all {currency} balances add up to {totals[currency]}')
        for kind in ('house', 'open', 'funding'):
            check.holds(
                f'{kind}:{currency}' in books.account_of, lambda: f'there is no account {kind}:{currency}'
            )
        account = books.account_of.get(f'open:{currency}')
        check.holds(
            account is None or account.balance == open_stakes[currency],
            lambda: f'open:{currency} is not the stakes of the open bets, {open_stakes[currency]}',
        )
    return check


def check_bets(books, report):
    """Each bet took its stake once and was closed at most once, and what came back is what the rules say."""
    check = report.check(
        'bets',
        'one row took the stake, at most one closed the bet, and the payout is floor(stake × locked / 100)',
    )
    rows = defaultdict(list)
    for row in books.ledger:
        if row.bet_id is not None:
            rows[row.bet_id].append(row)
            known = row.bet_id in books.bet_of or (books.archived and row.kind == 'stake')
            check.holds(known, lambda: f'ledger row {row.id} names bet {row.bet_id}, which is not there')
    cells, allowed = Counter(), Counter()
    for index, bet in enumerate(books.bets):
        check.holds(
            index == 0 or bet.seq == books.bets[index - 1].seq + 1 or books.archived is not None,
            lambda: f'bet {bet.seq} does not follow the one before',
        )
        check.holds(
            bet.cell == f'{bet.start_ms}.{bet.window_ms}.{bet.low}.{bet.high}'
            and bet.low < bet.high
            and bet.start_ms % bet.window_ms == 0,
            lambda: f'bet {bet.id}: its cell {bet.cell} is not its window and band',
        )
        stakes = [row for row in rows[bet.id] if row.kind == 'stake']
        closings = [row for row in rows[bet.id] if row.kind != 'stake']
        if books.archived and bet.stake_entry <= books.archived.ledger_id:
            check.leave_out('stakes of ledger rows that are archived')
        elif check.holds(len(stakes) == 1, lambda: f'bet {bet.id}: {len(stakes)} rows took its stake'):
            row = stakes[0]
            as_told = (row.id, row.account_id, row.amount, row.batch) == (
                bet.stake_entry,
                bet.account_id,
                -bet.stake,
                bet.batch,
            )
            check.holds(as_told, lambda: f'bet {bet.id}: ledger row {row.id} is not its stake')
        check.holds(
            currency_of(books, bet.account_id) == bet.currency,
            lambda: f'bet {bet.id}: its account has another currency',
        )
        check.holds(
            not (bet.simulated and bet.currency == 'USD'),
            lambda: f'bet {bet.id}: real money on simulated prices',
        )
        cells[bet.account_id, bet.cell] += bet.void_reason is None
        allowed[bet.cell] = max(allowed[bet.cell], books.bets_per_cell(bet))
        if bet.status in ('placed', 'locked'):
            left = (
                bet.closing_entry,
                bet.closed_at,
                bet.closed_tick,
                bet.void_reason,
                bet.payout,
                len(closings),
            )
            check.holds(
                left == (None, None, None, None, 0, 0), lambda: f'bet {bet.id} is open and has a closing'
            )
            continue
        if not check.holds(
            bet.status in CLOSING_KIND, lambda: f'bet {bet.id}: there is no status {bet.status}'
        ):
            continue
        payout = {'won': bet.stake * (bet.locked or 0) // 100, 'lost': 0, 'void': bet.stake}[bet.status]
        check.holds(
            bet.locked is None or bet.locked <= bet.multiplier_max,
            lambda: f'bet {bet.id}: locked at {bet.locked}, more than the {bet.multiplier_max} it counted at',
        )
        check.holds(
            bet.payout == payout, lambda: f'bet {bet.id}: paid {bet.payout}, {bet.status} pays {payout}'
        )
        if check.holds(len(closings) == 1, lambda: f'bet {bet.id}: {len(closings)} rows close it'):
            row = closings[0]
            as_told = (row.id, row.account_id, row.kind, row.amount) == (
                bet.closing_entry,
                bet.account_id,
                CLOSING_KIND[bet.status],
                payout,
            )
            check.holds(as_told, lambda: f'bet {bet.id}: ledger row {row.id} is not its closing')
    for (account_id, cell), count in cells.items():
        check.holds(
            count <= allowed[cell], lambda: f'account {account_id} has {count} bets on {cell}'
        )
    return check


def check_returns(books, report):
    """The published sums, where no bet has left the books."""
    check = report.check('returns', 'the published returns and refunds are the sums of the bets')
    if books.archived:
        check.leave_out(
            'sums that count archived bets', len(books.multiplier_returns) + len(books.void_counts)
        )
        return check
    sums, voids = defaultdict(lambda: [0, 0, 0, 0.0, 0.0]), Counter()
    for bet in books.bets:
        if bet.status == 'void':
            voids[bet.currency, bet.void_reason] += 1
        elif bet.status in ('won', 'lost'):
            back = bet.payout / bet.stake
            for index, value in enumerate((1, bet.stake, bet.payout, back, back * back)):
                sums[bet.currency, bet.locked][index] += value
    told = {
        (row.currency, row.multiplier): [row.bets, row.staked, row.paid, row.returns, row.return_squares]
        for row in books.multiplier_returns
    }
    for key in sums.keys() | told.keys():
        (found, said) = (sums.get(key, [0] * 5), told.get(key, [0] * 5))
        check.holds(
            found[:3] == said[:3]
            and all(abs(a - b) <= 1e-9 * max(1, abs(a)) for a, b in zip(found[3:], said[3:])),
            lambda: f'returns of {key}: {said}, the bets say {found}',
        )
    counts = {(row.currency, row.reason): row.bets for row in books.void_counts}
    for key in voids.keys() | counts.keys():
        check.holds(
            voids[key] == counts.get(key, 0),
            lambda: f'refunds of {key}: {counts.get(key, 0)}, the bets say {voids[key]}',
        )
    return check
