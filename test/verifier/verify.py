#!/usr/bin/env python3
"""A second opinion on the books of a house, written from docs/ and migrations/ alone.

It shares no line with the server.
"""

import argparse
import json
import os
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from approvals import check_approvals  # noqa: E402
from books import Books, Unreadable, check_file  # noqa: E402
from chains import check_ledger_chain, check_segments, check_ticks  # noqa: E402
from findings import Report  # noqa: E402
from limits import check_limits  # noqa: E402
from maintenance import check_maintenance  # noqa: E402
from money import check_balances, check_bets, check_entries, check_returns  # noqa: E402
from news import check_news  # noqa: E402
from orders import check_orders, check_signatures  # noqa: E402
from outcomes import check_locks, check_outcomes, check_quotes  # noqa: E402
from restrictions import check_restrictions  # noqa: E402
from shadow import check_shadow  # noqa: E402
from terms import check_terms  # noqa: E402
from times import check_times  # noqa: E402

EPILOG = """
The file is opened read-only. Give it a restored backup or a copy rather than the file that a house is at
work on: there it holds one snapshot until it is done, and the write-ahead log grows meanwhile. All of it is
read into memory. What the archive has taken is not in the file; it is counted as left out, and
`tapgrid archive verify` looks at it.

exit codes: 0 every check passes; 1 a check fails; 2 nothing could be checked
"""


def anchor(text):
    batch, _, noted = text.partition(':')
    if not batch.isdecimal() or len(noted) != 64:
        raise argparse.ArgumentTypeError('expected BATCH:HASH, a number and 64 hexadecimal digits')
    return int(batch), noted


def parse():
    parser = argparse.ArgumentParser(
        prog='verify.py',
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('file', help='the database, tapgrid.db')
    parser.add_argument('--json', action='store_true', help='tell the result as one JSON object')
    parser.add_argument(
        '--signatures',
        action='store_true',
        help='verify the signature of every order too (needs the package cryptography)',
    )
    parser.add_argument(
        '--anchor',
        action='append',
        type=anchor,
        default=[],
        metavar='BATCH:HASH',
        help='a head of the ledger chain that was noted earlier; may be repeated',
    )
    parser.add_argument(
        '--max-gap-ms',
        type=int,
        metavar='MS',
        help='longest time between two ticks that is no gap; without it, what the house has published, '
        'else 3000',
    )
    parser.add_argument(
        '--hold-ms',
        type=int,
        metavar='MS',
        help='how long a tap is held; without it, what the house has published, else 400',
    )
    parser.add_argument(
        '--quote-ttl-ms',
        type=int,
        metavar='MS',
        help='how old the quote of a tap may be; without it, what the house has published, else 2000',
    )
    parser.add_argument(
        '--deadline-ms-max',
        type=int,
        default=30_000,
        metavar='MS',
        help='how far ahead the deadline of an order may be (30000)',
    )
    parser.add_argument(
        '--shadow-blocks',
        type=int,
        default=12,
        metavar='BLOCKS',
        help='how many of the newest blocks of the shadow book are worked out again, a second each (12)',
    )
    return parser.parse_args()


def verify(options):
    """@raises Unreadable when there is nothing to check."""
    books = Books(
        options.file,
        {'maxGapMs': options.max_gap_ms, 'holdMs': options.hold_ms, 'quoteTtlMs': options.quote_ttl_ms},
    )
    report = Report(options.file)
    report.books = {
        'accounts': len(books.accounts),
        'bets': len(books.bets),
        'ledger rows': len(books.ledger),
        'ticks': len(books.ticks),
        'revisions': len(books.revisions),
        'commits': len(books.batches_known),
        'head': books.batches[-1].hash if books.batches else None,
        'archived up to': books.archived.last_batch if books.archived else 0,
    }
    checks = [
        check_file,
        check_ticks,
        lambda *to: check_ledger_chain(*to, options.anchor),
        check_segments,
        check_entries,
        check_balances,
        check_bets,
        check_returns,
        check_orders,
        *([check_signatures] if options.signatures else []),
        check_quotes,
        check_locks,
        check_outcomes,
        lambda *to: check_times(*to, options.deadline_ms_max),
        check_terms,
        lambda *to: check_shadow(*to, options.shadow_blocks),
        check_limits,
        check_restrictions,
        check_maintenance,
        check_news,
        check_approvals,
    ]
    for check in checks:
        try:
            check(books, report)
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
            ArithmeticError,
            sqlite3.Error,
        ) as error:
            # A row that is nothing the documents know. What the check has not come to is not checked, so it
            # does not hold.
            report.checks[-1].holds(
                False, f'ended at a row that cannot be read: {type(error).__name__}: {error}'
            )
    books.close()
    return report


def main():
    options = parse()
    try:
        report = verify(options)
    except Unreadable as error:
        print(f'nothing could be checked: {error}', file=sys.stderr)
        return 2
    print(json.dumps(report.as_json(), ensure_ascii=False) if options.json else report.as_text())
    return 0 if report.ok else 1


if __name__ == '__main__':
    sys.exit(main())
