"""Canonical lines of the chains, written from docs/ledger-format.md."""

from decimal import Decimal
from urllib.parse import quote


def number(value):
    """Decimal text as JavaScript writes it, nothing for no value."""
    if value is None:
        return ''
    if isinstance(value, int):
        return str(value)
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    digits = repr(value)
    if 'e' not in digits and 1e-6 <= abs(value):
        return digits
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(digits), 'f')
    mantissa, _, exponent = digits.partition('e')
    if not exponent:
        sign, figures, power = Decimal(digits).as_tuple()
        text = ''.join(map(str, figures)).rstrip('0')
        exponent = power + len(figures) - 1
        mantissa = ('-' if sign else '') + text[0] + ('.' + text[1:] if text[1:] else '')
    return f'{mantissa.removesuffix(".0")}e{"+" if int(exponent) > 0 else ""}{int(exponent)}'


def component(text):
    """As encodeURIComponent writes it."""
    return '' if text is None else quote(text, safe="!~*'()")


def line(name, *fields):
    return '|'.join([name, *(field if isinstance(field, str) else number(field) for field in fields)])


def bet_line(bet, nonce):
    fill = (bet.locked, bet.locked_revision) if bet.filled else (None, None)
    version = () if bet.rule == 1 else (bet.rule,)
    return line(
        'bet',
        bet.seq,
        bet.id,
        bet.account_id,
        nonce,
        bet.idx,
        bet.currency,
        bet.simulated,
        bet.cell,
        bet.stake,
        bet.shown,
        bet.shown_revision,
        bet.guard_percent,
        bet.multiplier_max,
        bet.placed_at,
        bet.lock_at,
        *fill,
        *version,
    )


def revision_line(row):
    return line(
        'revision',
        row.revision,
        row.at,
        row.tick_seq,
        row.model,
        row.spot,
        row.v10,
        row.vf,
        row.cw,
        row.edge,
        row.margin,
        row.haircut,
        row.cap_hundredths,
        row.tick_ms,
        row.quoted_columns,
        row.pause,
        *(() if row.model == 1 else (row.scale_bp, row.drift, row.learned)),
        *((row.headline,) if row.headline else ()),
    )


def shadow_line(row):
    return line(
        'shadow',
        row.block,
        row.since,
        row.simulated,
        row.window_ms,
        row.board_rows,
        row.rule,
        row.max_gap_ms,
        row.classes,
        row.evidence,
        row.offers,
        row.learned,
        row.factors,
        row.buckets,
        *((row.windows,) if row.windows else ()),
    )


def action_line(row):
    return line(
        'action',
        row.seq,
        row.id,
        row.at,
        component(row.operator),
        component(row.approved_by),
        row.what,
        row.target,
        row.detail,
        component(row.reason),
        row.state_before,
        row.state_after,
    )
