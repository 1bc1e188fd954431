"""Revisions and ticks compared with what the house has published: prices, haircuts, venues, quorum."""

from bisect import bisect_left

from chains import sources_of
from columns import columns_of


def check_terms(books, report):
    check = report.check('terms', 'revisions, ticks and bets keep to what the house has published')
    for seq in books.unreadable_terms:
        check.holds(False, f'action {seq} publishes what are no terms')
    if not books.terms:
        check.leave_out(
            'revisions and ticks of a house that has published no terms',
            len(books.revisions) + len(books.ticks),
        )
        return check
    first = books.terms[0][0]
    for row in books.revisions:
        if row.batch < first:
            continue
        # A commit that publishes terms may also hold what was made under the ones before.
        either = [books.terms_at(row.batch), books.terms_at(row.batch - 1)]
        check.holds(
            any(is_priced_by(row, terms) for terms in either),
            lambda: (
                f'revision {row.revision}: edge {row.edge}, margin {row.margin}, cap {row.cap_hundredths}, '
                f'model {row.model} or {row.tick_ms} ms are not published'
            ),
        )
        haircuts = {0.0 + column.haircut for column in columns_of(row)} | {row.haircut}
        check.holds(
            any(haircuts <= set(terms['haircuts']) for terms in either),
            lambda: f'revision {row.revision}: haircuts {sorted(haircuts)} are not published',
        )
    for tick in books.ticks:
        if tick.batch < first:
            continue
        terms = books.terms_at(tick.batch)
        names = [venue for venue, _ in sources_of(tick)]
        simulated = set(names) <= set(terms['simulatedVenues'])
        live = len(names) >= terms['quorum'] and set(names) <= set(terms['venues'])
        check.holds(
            simulated or live,
            lambda: (
                f'tick {tick.seq}: {" ".join(names)} are not the published venues, or fewer than '
                f'{terms["quorum"]}'
            ),
        )
    for bet in books.bets:
        if bet.batch >= first:
            terms = books.terms_at(bet.batch)
            check.holds(
                bet.rule == terms['rule'] and bet.window_ms in windows_of(terms),
                lambda: f'bet {bet.id}: rule {bet.rule} and a window of {bet.window_ms} ms are not published',
            )
            if bet.rule >= 2 and not bet.simulated:
                check_witnesses(books, check, bet)
    return check


def windows_of(terms):
    """Lengths of the windows of each board; older terms have the only one."""
    return terms['windows'] if 'windows' in terms else [terms.get('windowMs')]


def check_witnesses(books, check, bet):
    """No venue alone makes a live price: each tick of the window has a second one within half the height of
    the band."""
    for tick in books.ticks[
        bisect_left(books.tick_times, bet.start_ms) : bisect_left(
            books.tick_times, bet.start_ms + bet.window_ms
        )
    ]:
        prices = sorted(price for _, price in sources_of(tick))
        middle = len(prices) // 2
        apart = min(
            (
                abs(prices[middle] - prices[other])
                for other in ((middle - 1, middle + 1) if len(prices) % 2 else (middle - 1,))
                if 0 <= other < len(prices)
            ),
            default=None,
        )
        check.holds(
            apart is not None and 2 * apart <= bet.high - bet.low,
            lambda: f'bet {bet.id}: tick {tick.seq} of its window has no second venue near its price',
        )


def is_priced_by(row, terms):
    news, cap = 0, None
    if row.headline:
        # Terms of before there was a calendar know of no news.
        if 'newsEdge' not in terms:
            return False
        news, cap = terms['newsEdge'], terms['newsCapHundredths']
    prices = {
        (price['edge'] + added + news, price['margin'], min(price['capHundredths'], cap or 10**9))
        for price in terms['prices']
        for added in (0, terms['fastEdge'])
    }
    return (row.edge, row.margin, row.cap_hundredths) in prices and (row.model, row.tick_ms) == (
        terms['model'],
        terms['tickMs'],
    )
