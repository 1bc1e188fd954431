#!/usr/bin/env python3
"""For the tests of the verifier: hashes the ledger chain of a database anew from its rows, as somebody would
who has changed them. Usage: rehash.py FILE"""

import os
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from books import ZEROS, Books  # noqa: E402
from chains import Commits, digest  # noqa: E402

books = Books(sys.argv[1], {})
books.close()
commits = Commits(books)
db = sqlite3.connect(sys.argv[1])
head = ZEROS
for batch in books.batches:
    before, head = head, digest(commits.lines(batch, head, batch.tick_hash))
    db.execute('UPDATE batches SET previous_hash = ?, hash = ? WHERE seq = ?', (before, head, batch.seq))
db.commit()
