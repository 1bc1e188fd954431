"""The news calendar: each revision names an entry around whose time it was made, or none where there is
none."""

from urllib.parse import unquote

# A revision that was made before a change of the calendar is committed after it at most so much later.
SETTLES_MS = 10_000


def check_news(books, report):
    check = report.check('news', 'revisions are priced around the news of the calendar; changes follow')
    states = [(-1, 0, {})]
    for action in books.operator_actions:
        if action.what != 'change-calendar':
            continue
        held = states[-1][2]
        before, after = entries(action.state_before), entries(action.state_after)
        check.holds(
            (before, after) == (held, changed(held, action)),
            lambda: f'action {action.seq}: {action.state_before} becomes {action.state_after}',
        )
        states.append((action.batch, action.at, after))
    current = 0
    for row in books.revisions:
        # States of its commit and of earlier ones; one that was replaced counts for some seconds.
        while current + 1 < len(states) and states[current + 1][0] <= row.batch:
            current += 1
        first = current
        while first > 0 and (states[first][0] == row.batch or states[first][1] >= row.at - SETTLES_MS):
            first -= 1
        check.holds(
            any(is_priced_by(row, calendar) for _, _, calendar in states[first : current + 1]),
            lambda: f'revision {row.revision}: was priced around news of {row.headline}',
        )
    return check


def is_priced_by(row, calendar):
    near = {at for (at, _), (before, after) in calendar.items() if at - before <= row.at < at + after}
    return row.headline in near if row.headline else not near


def entries(text):
    """Lengths before and after by time and name."""
    if text == 'none':
        return {}
    found = {}
    for entry in text.split(' '):
        at, before, after, name = entry.split('/')
        found[int(at), unquote(name)] = (int(before), int(after))
    return found


def changed(calendar, action):
    """The calendar after an action, without what was over by then."""
    calendar = dict(calendar)
    for part in sorted(action.detail.split(' '), reverse=True):
        if part[0] == '-':
            at, name = part[1:].split('/')
            del calendar[int(at), unquote(name)]
        else:
            calendar.update(entries(part[1:]))
    return {key: around for key, around in calendar.items() if action.at < key[0] + around[1]}
