"""The books as rows, read in one snapshot, and where they begin: behind the newest segment of the archive."""

import bisect
import json
import os
import sqlite3
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import learned

TABLES = {
    'accounts': 'id',
    'sessions': 'id',
    'batches': 'seq',
    'intents': 'id',
    'bets': 'seq',
    'ledger': 'id',
    'ledger_checkpoints': 'account_id, ledger_id',
    'ticks': 'seq',
    'revisions': 'revision',
    'shadow_blocks': 'block',
    'multiplier_returns': 'currency, multiplier',
    'void_counts': 'currency, reason',
    'operator_actions': 'seq',
    'archive_segments': 'number',
    'archived_stakes': 'segment, session_id, day',
    'limit_changes': 'seq',
}
ZEROS = '0' * 64


class Unreadable(Exception):
    """Nothing can be checked: no file, no database, not these tables."""


class Books:
    """Every table of `TABLES` as a list of rows with the columns as attributes, and the terms that the house
    has published."""

    def __init__(self, file, given):
        if not os.path.isfile(file):
            raise Unreadable(f'there is no file {file}')
        self.file, self.given = file, given
        try:
            self.db = sqlite3.connect(
                f'file:{quote(os.path.abspath(file))}?mode=ro', uri=True, isolation_level=None
            )
            self.db.execute('PRAGMA query_only = ON')
            self.db.execute('BEGIN')
            for table, key in TABLES.items():
                setattr(self, table, self._rows(table, key))
        except sqlite3.Error as error:
            raise Unreadable(f'{file}: {error}') from error
        self.archived = self.archive_segments[-1] if self.archive_segments else None
        self.first_batch = self.archived.last_batch + 1 if self.archived else 1
        # Rows up to the newest segment may go at any time, some are still there: only what lies behind it is
        # held against anything.
        self.ticks = [tick for tick in self.ticks if not self.archived or tick.seq > self.archived.tick_seq]
        self.revisions = [
            row for row in self.revisions if not self.archived or row.revision > self.archived.revision
        ]
        self.ledger = [row for row in self.ledger if not self.archived or row.id > self.archived.ledger_id]
        self.bets = [
            bet
            for bet in self.bets
            if bet.closing_entry is None or not self.archived or bet.closing_entry > self.archived.ledger_id
        ]
        self.batches_known = [row for row in self.batches if row.seq >= self.first_batch]
        self.bet_of = {bet.id: bet for bet in self.bets}
        self.intent_of = {intent.id: intent for intent in self.intents}
        self.account_of = {account.id: account for account in self.accounts}
        self.batch_of = {row.seq: row for row in self.batches}
        self.revision_of = {row.revision: row for row in self.revisions}
        versions = {block.block: block for block in self.shadow_blocks}
        for row in self.revisions:
            if row.model == 2:
                row.known = (
                    learned.known_by(versions[row.learned]) if row.learned else learned.known_before
                )
        self.tick_of = {tick.seq: tick for tick in self.ticks}
        self.tick_times = [tick.at for tick in self.ticks]
        self.revision_times = [row.at for row in self.revisions]
        self.terms, self.unreadable_terms = [], []
        for action in self.operator_actions:
            if action.what == 'publish-terms':
                terms = json_of(action.detail)
                if isinstance(terms, dict) and TERM_NAMES <= terms.keys():
                    self.terms.append((action.batch, terms))
                else:
                    self.unreadable_terms.append(action.seq)

    def _rows(self, table, key):
        cursor = self.db.execute(f'SELECT * FROM {table} ORDER BY {key}')
        names = [column[0] for column in cursor.description]
        return [SimpleNamespace(**dict(zip(names, row))) for row in cursor]

    def close(self):
        self.db.close()

    def term(self, bet, name):
        """What held for a bet: what the command was given, else the newest terms that its commit or an
        earlier one wrote down, else the default."""
        if name in self.given and self.given[name] is not None:
            return self.given[name]
        return self.terms_at(bet.batch)[name] if self.terms else DEFAULT_TERMS[name]

    def bets_per_cell(self, bet):
        """How many bets its account may have had on its cell."""
        return self.terms_at(bet.batch).get('betsPerCellMax', 1) if self.terms else BETS_PER_CELL_BOUND

    def terms_at(self, batch):
        """The newest terms that this commit or an earlier one wrote down, else the first ones."""
        return [terms for at, terms in self.terms if at <= batch or at == self.terms[0][0]][-1]

    def ticks_from(self, at):
        """Index of the newest tick at or before `at`, or of the first one."""
        return max(0, bisect.bisect_right(self.tick_times, at) - 1)

    def first_revision_from(self, at):
        index = bisect.bisect_left(self.revision_times, at)
        return self.revisions[index] if index < len(self.revisions) else None


TERM_NAMES = {
    'rule',
    'model',
    'tickMs',
    'maxGapMs',
    'holdMs',
    'quoteTtlMs',
    'venues',
    'quorum',
    'simulatedVenues',
    'prices',
    'fastEdge',
    'haircuts',
}
# docs/rules.md
# Where no terms were ever published.
BETS_PER_CELL_BOUND = 20
DEFAULT_TERMS = {'maxGapMs': 3000, 'holdMs': 400, 'quoteTtlMs': 2000}


def json_of(text):
    """None for what is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def check_file(books, report):
    """SQLite's own look at pages, indexes and CHECKs, and the schema that the migrations make."""
    check = report.check('file', 'pages, indexes, NOT NULL, CHECK and foreign keys, by SQLite itself')
    for (line,) in books.db.execute('PRAGMA integrity_check'):
        check.holds(line == 'ok', line)
    for row in books.db.execute('PRAGMA foreign_key_check'):
        check.holds(False, f'{row[0]} row {row[1]} names no row of {row[2]}')
    check = report.check('schema', 'tables, indexes and triggers are those of migrations/')
    made = sqlite3.connect(':memory:')
    applied = dict(books.db.execute('SELECT name, hash FROM migrations'))
    for migration in migrations():
        made.executescript(migration.read_text('utf-8'))
        check.holds(
            applied.pop(migration.stem, None) == sha256(migration.read_bytes()).hexdigest(),
            f'{migration.stem} was not applied as it is here',
        )
    check.holds(not applied, f'applied and not here: {sorted(applied)}')
    check.holds(
        books.db.execute('SELECT COUNT(*) FROM house').fetchone() == (1,), 'house: the books have no id'
    )
    schema = "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
    found = dict(books.db.execute(schema))
    for name, sql in made.execute(schema):
        check.holds(name in found and plain(found[name]) == plain(sql), f'{name} is missing or another one')


def migrations():
    """In their order; beside the folder of this file, as in a release, or one above, as in the sources.

    @raises Unreadable when there are none: sound books would look broken.
    """
    here = Path(__file__).resolve().parent
    places = [here.parent / 'migrations', here.parents[1] / 'migrations']
    for place in places:
        if found := sorted(place.glob('*.sql')):
            return found
    raise Unreadable(f'the migrations are missing; expected them in {places[0]}')


def plain(sql):
    """Without comments and spaces."""
    return ''.join(''.join(line.split('--')[0] for line in sql.split('\n')).split())
