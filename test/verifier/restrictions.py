"""What operators set for accounts, in the order of the chain.

Nobody bets while blocked, or above what an operator allowed.
"""

from collections import defaultdict

DAY_MS = 86_400_000
NAMES = ('stake', 'day', 'payout')
NONE = 'open stake=none day=none payout=none'


def check_restrictions(books, report):
    check = report.check(
        'restrictions',
        'no bet of a blocked account, none above what an operator allowed; '
        'each change of that follows the one before',
    )
    actions = defaultdict(list)
    for action in books.operator_actions:
        if action.what in ('block', 'unblock', 'limit-account'):
            actions[action.target].append(action)
    bets = defaultdict(list)
    for bet in books.bets:
        bets[bet.account_id].append(bet)
    for account, rows in actions.items():
        state = NONE
        for action in rows:
            check.holds(
                (action.state_before, action.state_after) == (state, changed(state, action)),
                lambda: (
                    f'action {action.seq}: {action.state_before} becomes {action.state_after}, '
                    f'{state} held before'
                ),
            )
            state = action.state_after
        check_bets(books, check, rows, bets[account])
    return check


def changed(state, action):
    fields = dict(field.split('=') for field in state.split(' ')[1:])
    if action.what == 'limit-account':
        fields.update(field.split('=') for field in action.detail.split(' '))
        first = state.split(' ')[0]
    else:
        first = 'blocked' if action.what == 'block' else 'open'
    hold = fields.get('hold', 'none')
    held = [] if hold == 'none' else [f'hold={hold}']
    return ' '.join([first, *(f'{name}={fields[name]}' for name in NAMES), *held])


def own_holds(books, bet):
    """Holds that operators may have set for the account of a bet.

    Its commit may have gone through several.
    """
    actions = [
        action
        for action in books.operator_actions
        if action.what in ('block', 'unblock', 'limit-account') and action.target == bet.account_id
    ]
    states = [NONE, *(action.state_after for action in actions if action.batch < bet.batch)][-1:]
    states += [action.state_after for action in actions if action.batch == bet.batch]
    return [int(state.partition(' hold=')[2] or 0) for state in states]


def check_bets(books, check, actions, bets):
    """Within a commit the order of an action and a bet is not known.

    One of the states that the commit went through has to allow the bet.
    """
    closed = {row.bet_id: row.batch for row in books.ledger if row.kind in ('payout', 'loss', 'refund')}
    staked = defaultdict(int)
    for index, bet in enumerate(bets):
        staked[bet.placed_at // DAY_MS] += bet.stake
        states = [NONE, *(action.state_after for action in actions if action.batch < bet.batch)][-1:]
        states += [action.state_after for action in actions if action.batch == bet.batch]
        # What the commit locked and closed counts as before its bets.
        payout = sum(
            pays_at_most(other, bet.batch)
            for other in bets[:index]
            if closed.get(other.id, bet.batch + 1) > bet.batch
        ) + pays_at_most(bet, bet.batch - 1)
        check.holds(
            any(allows(state, bet.stake, staked[bet.placed_at // DAY_MS], payout) for state in states),
            lambda: f'bet {bet.id}: its account was {states[-1]}',
        )


def pays_at_most(bet, batch):
    """While it is held, at the highest multiplier that it may get."""
    locked_in = bet.batch if bet.filled else bet.locked_batch
    counts = (
        bet.locked if locked_in is not None and (bet.filled or locked_in <= batch) else bet.multiplier_max
    )
    return bet.stake * counts // 100


def allows(state, *sums):
    first, *fields = state.split(' ')
    limits = (field.split('=')[1] for field in fields)
    return first == 'open' and all(
        limit == 'none' or value <= int(limit) for limit, value in zip(limits, sums)
    )
