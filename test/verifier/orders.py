"""What was ordered: the signed text of each bet, nonces, scope of the key, and the signature itself when it
is asked for."""

import base64
from collections import Counter, defaultdict

from books import json_of

DAY_MS = 86_400_000


def check_orders(books, report):
    check = report.check(
        'orders',
        'each bet stands in the text that its key signed, no nonce counts twice, nothing is beyond the '
        'scope of the key',
    )
    session_of = {session.id: session for session in books.sessions}
    bets = defaultdict(dict)
    for bet in books.bets:
        check.holds(bet.idx not in bets[bet.intent_id], lambda: f'bet {bet.id}: its tap counts twice')
        bets[bet.intent_id][bet.idx] = bet
    nonces = Counter((intent.account_id, intent.nonce) for intent in books.intents)
    for (account_id, nonce), count in nonces.items():
        check.holds(count == 1, lambda: f'account {account_id} used nonce {nonce} {count} times')
    days = Counter({(row.session_id, row.day): 0 for row in books.archived_stakes})
    for row in books.archived_stakes:
        days[row.session_id, row.day] += row.stake
    for intent in books.intents:
        archived = books.archived is not None and intent.id <= books.archived.intent_id
        session = session_of.get(intent.session_id)
        if not check.holds(
            session is not None and session.account_id == intent.account_id,
            lambda: f'order {intent.id}: its session is of another account',
        ):
            continue
        head, taps = read(intent.signed_text)
        check.holds(
            head is not None and head[2:4] == [intent.session_id, intent.nonce],
            lambda: f'order {intent.id}: its text is of another session or nonce',
        )
        outcomes = [None] * len(taps) if intent.outcomes is None else json_of(intent.outcomes)
        if not check.holds(
            isinstance(outcomes, list), lambda: f'order {intent.id}: its outcomes are no list'
        ):
            continue
        accepted = [code is None for code in outcomes]
        check.holds(
            len(accepted) == len(taps) and any(accepted),
            lambda: f'order {intent.id}: {len(taps)} taps, and outcomes of {len(accepted)}',
        )
        for idx, taken in enumerate(accepted):
            check.holds(
                archived or taken == (idx in bets[intent.id]),
                lambda: f'order {intent.id}: tap {idx} and its bet do not fit',
            )
        for idx, bet in bets[intent.id].items():
            said = f'{bet.cell} {bet.stake} {bet.shown} {bet.shown_revision}'
            check.holds(
                idx < len(taps) and taps[idx] == said,
                lambda: f'bet {bet.id}: its key signed {taps[idx] if idx < len(taps) else "nothing"}',
            )
            check.holds(
                bet.account_id == intent.account_id, lambda: f'bet {bet.id}: ordered by another account'
            )
            check.holds(
                bet.stake <= session.stake_max,
                lambda: f'bet {bet.id}: {bet.stake} is beyond what its key may stake',
            )
            check.holds(
                session.created_at <= bet.placed_at < session.expires_at,
                lambda: f'bet {bet.id}: placed outside the time of its session',
            )
            check.holds(
                session.ended_at is None or bet.placed_at <= session.ended_at + 2_000,
                lambda: f'bet {bet.id}: placed after its session had ended',
            )
            if books.archived is None or bet.batch >= books.first_batch:
                days[session.id, bet.placed_at // DAY_MS] += bet.stake
    for (session_id, day), stake in days.items():
        session = session_of.get(session_id)
        check.holds(
            session is not None and stake <= session.daily_cap,
            lambda: f'key of session {session_id}: {stake} staked on day {day}',
        )
    for bet in books.bets:
        check.holds(bet.intent_id in books.intent_of, lambda: f'bet {bet.id}: its order is not there')
    return check


def read(text):
    """The five lines of the head and those of the taps; None for the head when it is no order."""
    lines = text.split('\n')
    if len(lines) < 7 or lines[0] != 'tapgrid-tap-v1' or lines[-1] != '' or not lines[4].isdecimal():
        return None, []
    return lines[:5], lines[5:-1]


def check_signatures(books, report):
    check = report.check(
        'signatures', 'each order was signed by the key of its session, ECDSA P-256 with SHA-256'
    )
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ec, utils
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        check.leave_out('signatures: the package `cryptography` is not installed', len(books.intents))
        return check
    keys = {}
    for session in books.sessions:
        try:
            keys[session.id] = ec.EllipticCurvePublicKey.from_encoded_point(
                ec.SECP256R1(), unbase64(session.public_key)
            )
        except ValueError:
            continue
    for intent in books.intents:
        try:
            raw = unbase64(intent.signature)
            signature = utils.encode_dss_signature(
                int.from_bytes(raw[:32], 'big'), int.from_bytes(raw[32:], 'big')
            )
            keys[intent.session_id].verify(signature, intent.signed_text.encode(), ec.ECDSA(SHA256()))
            check.holds(len(raw) == 64, f'order {intent.id}: its signature has {len(raw)} bytes')
        except (InvalidSignature, ValueError, KeyError):
            check.holds(False, f'order {intent.id}: the key of session {intent.session_id} did not sign it')
    return check


def unbase64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
