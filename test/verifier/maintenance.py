"""Announced maintenance: no bet reaches into one that was announced in an earlier commit."""

from bisect import bisect_left


def check_maintenance(books, report):
    check = report.check(
        'maintenance', 'no bet reaches into a maintenance that was announced before it; announcements follow'
    )
    changes = [(-1, None)]
    for action in books.operator_actions:
        planned = changes[-1][1]
        if action.what in ('plan-maintenance', 'cancel-maintenance'):
            held = planned if planned and action.at < planned[1] else None
            then = (int(action.target), int(action.detail)) if action.what == 'plan-maintenance' else None
            check.holds(
                (action.state_before, action.state_after) == (text(held), text(then)),
                lambda: (
                    f'action {action.seq}: {action.state_before} becomes {action.state_after}, '
                    f'{text(held)} was announced'
                ),
            )
            changes.append((action.batch, then))
        elif action.what == 'resume' and planned and planned[0] <= action.at < planned[1]:
            changes.append((action.batch, None))
    batches = [batch for batch, _ in changes]
    for bet in books.bets:
        # One of the states that its commit went through has to allow it: that of before, or one of its own.
        first = bisect_left(batches, bet.batch) - 1
        states = [planned for batch, planned in changes[first:] if batch <= bet.batch]
        check.holds(
            not all(planned and closes(planned, bet) for planned in states),
            lambda: f'bet {bet.id}: reaches into the maintenance of {text(states[-1])}',
        )
    return check


def closes(planned, bet):
    """A window ends at least its own length before the maintenance."""
    return bet.placed_at < planned[1] and bet.start_ms + 2 * bet.window_ms > planned[0]


def text(planned):
    return f'{planned[0]}-{planned[1]}' if planned else 'none'
