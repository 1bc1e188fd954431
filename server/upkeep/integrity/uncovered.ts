const NOTE_ON_REFUSAL = 'a note for disputes on an order that moved nothing: no other row follows from it';

/**
 * What other hands may change in the books without a check that sees it: columns, or `<table>: <what happened
 * to a row>`, each with the reason. docs/ledger-format.md has the same list, and the mutation test holds it
 * against what is found.
 */
const NAME_IS_ITS_OWN =
  'what a trader is called in public may be erased at any time, so no other row follows from it';

export const UNCOVERED: Readonly<Record<string, string>> = {
  'account_names.changed_at': NAME_IS_ITS_OWN,
  'account_names.name': NAME_IS_ITS_OWN,
  'account_names.skeleton': NAME_IS_ITS_OWN,
  'account_names: emptied': NAME_IS_ITS_OWN,
  'account_names: row deleted': NAME_IS_ITS_OWN,
  'accounts.address':
    'nothing in the books is signed by a wallet; an order is signed by the key of a session',
  'accounts.opened_at': 'of an account whose first grant is archived, or that had none',
  'archive_segments.place': 'the name of the store; its objects themselves are read back',
  'archive_segments.sealed_at': 'a note on the run of the archiver',
  'house.id': 'names the books; the names in backups and archive are compared with it when these are written',
  'intents.outcomes': 'that a tap became no bet is checked against the bets; for which reason is not',
  'ledger_checkpoints.at': 'a note on the run of the archiver',
  'limit_changes.at': 'checked against the rules of loosening only, not against a clock',
  'limit_changes.batch': 'checked against the changes before and after it only',
  'limit_changes.daily_loss_max':
    'of a change that another one followed: checked against the rules of loosening only',
  'limit_changes.guard_percent': 'of a change that another one followed',
  'limit_changes.loosens_at':
    'of a change that another one followed: checked against the rules of loosening only',
  'limit_changes.loosens_to':
    'of a change that another one followed: checked against the rules of loosening only',
  'limit_changes.paused_until':
    'of a change that another one followed: no pause may be shortened, and no bet stands in one',
  'limit_changes.reminder_minutes': 'of a change that another one followed',
  'migrations.applied_at': 'a note on the start that applied it',
  'refusals.account_id': NOTE_ON_REFUSAL,
  'refusals.at': NOTE_ON_REFUSAL,
  'refusals.code': NOTE_ON_REFUSAL,
  'refusals.id': NOTE_ON_REFUSAL,
  'refusals.nonce': NOTE_ON_REFUSAL,
  'refusals.orders': NOTE_ON_REFUSAL,
  'refusals.request_id': NOTE_ON_REFUSAL,
  'refusals.session_id': NOTE_ON_REFUSAL,
  'refusals.taps': NOTE_ON_REFUSAL,
  'refusals: emptied': NOTE_ON_REFUSAL,
  'refusals: row deleted': NOTE_ON_REFUSAL,
  'refusals: row there twice': NOTE_ON_REFUSAL,
  'sessions.created_at': 'checked against the bets of the session only',
  'sessions.daily_cap': 'checked against the bets of the session only',
  'sessions.ended_at': 'checked against the bets of the session only',
  'sessions.expires_at': 'checked against the bets of the session only',
  'sessions.seen_at': 'changes with every visit',
  'sessions.stake_max': 'checked against the bets of the session only',
  'sessions.token_hash': 'the token is known to the trader alone',
  'sessions: row there twice': 'a session that ordered nothing says nothing of itself',
};
