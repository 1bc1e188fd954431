"""The columns of a grid revision, written from docs/ledger-format.md."""

from collections import namedtuple

Column = namedtuple('Column', 'start window band low haircut')


def columns_of(row):
    """Every column of every board. Books of before there were several boards name each column with its start;
    they had one board, whose columns follow each other without a hole."""
    text = row.quoted_columns
    if not text:
        return []
    if '@' not in text:
        parts = [column.split(':') for column in text.split(' ')]
        starts = [int(part[0]) for part in parts]
        window = starts[1] - starts[0] if len(starts) > 1 else 0
        return [
            Column(int(start), window, int(band), int(low), float(haircut))
            for start, band, low, haircut in parts
        ]
    found = []
    for board in text.split(';'):
        head, *runs = board.split(' ')
        window, start = map(int, head.split('@'))
        for run in runs:
            count, _, column = run.rpartition('*')
            band, low, haircut = column.split(':')
            for _ in range(int(count or 1)):
                found.append(Column(start, window, int(band), int(low), float(haircut)))
                start += window
    return found
