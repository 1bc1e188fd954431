import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOON, SETTING } from '../../test/ledger-contract/scenario.ts';
import { tellStory } from '../../test/ledger-contract/story.ts';
import { DEFAULT_TERMS_OF_MODEL_1 } from '../game/terms.ts';
import { termsText } from '../ports/terms-shape.ts';
import { openReaderDatabase } from './database.ts';
import { checkInvariants, INVARIANTS } from './invariants.ts';
import { DATABASE_FILE, openStore } from './store.ts';

let root: string;
let original: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tapgrid-invariants-'));
  const store = await openStore({
    dataDir: root,
    ...SETTING,
    at: NOON,
    inProcess: true,
    simulationWithoutFsync: true,
  });
  await tellStory(store.ledger);
  await store.close();
  original = join(root, DATABASE_FILE);
});
afterAll(() => rmSync(root, { recursive: true }));

/**
 * Changes a copy of the file by hand, with whatever stands in the way taken down first, and tells what is
 * found.
 */
function found(...damage: readonly string[]): readonly string[] {
  const copy = join(root, `${Bun.randomUUIDv7()}.db`);
  copyFileSync(original, copy);
  const hand = new Database(copy);
  hand.run('PRAGMA journal_mode = WAL');
  hand.run('PRAGMA foreign_keys = OFF');
  hand.run('PRAGMA ignore_check_constraints = ON');
  for (const sql of damage) hand.run(sql);
  hand.close();
  const db = openReaderDatabase(copy);
  try {
    return checkInvariants(db).map(({ invariant, detail }) => `${invariant}: ${detail}`);
  } finally {
    db.close();
  }
}

const UNGUARDED = [
  'DROP TRIGGER ledger_is_append_only',
  'DROP TRIGGER ledger_keeps_unarchived',
  'DROP TRIGGER batches_keep_unarchived',
  'DROP TRIGGER ticks_keep_unarchived',
  'DROP INDEX ledger_one_closing',
  'DROP TRIGGER operator_actions_are_append_only',
  'DROP TRIGGER operator_actions_are_kept',
];
/** A table again without its unique constraints. */
const loose = (table: string): readonly string[] => [
  `CREATE TABLE loose AS SELECT * FROM ${table}`,
  `DROP TABLE ${table}`,
  `ALTER TABLE loose RENAME TO ${table}`,
];
/** A change of Ada's limits at the beginning of time, without what it does to the account. */
const set = (columns: string, values: string): readonly string[] => [
  `INSERT INTO limit_changes (account_id, batch, at, guard_percent, ${columns})
  VALUES ('ada', 0, 0, 80, ${values})`,
];
const entryOf = (bet: string, kind: string): string => `bet_id = '${bet}' AND kind = '${kind}'`;

const DAMAGES: readonly (readonly [what: string, invariant: string, detail: RegExp, ...damage: string[]])[] =
  [
    [
      'a balance raised',
      'conservation',
      /PLAY adds up to 1$/,
      `UPDATE accounts SET balance = balance + 1 WHERE id = 'ada'`,
    ],
    [
      'a balance raised',
      'balance',
      /ada has \d+ and version 8, its ledger/,
      `UPDATE accounts SET balance = balance + 1 WHERE id = 'ada'`,
    ],
    [
      'money moved between two players',
      'balance',
      /ben has/,
      `UPDATE accounts SET balance = balance + 1 WHERE id = 'ada'`,
      `UPDATE accounts SET balance = balance - 1 WHERE id = 'ben'`,
    ],
    [
      'a version raised',
      'balance',
      /ada has \d+ and version 9/,
      `UPDATE accounts SET version = version + 1 WHERE id = 'ada'`,
    ],
    [
      'a row that leaves another balance',
      'balance',
      /ada was left 1 by version 2/,
      `UPDATE ledger SET balance_after = 1 WHERE ${entryOf('won', 'stake')}`,
    ],
    [
      'a row of nobody',
      'balance',
      /unknown account nobody/,
      `UPDATE ledger SET account_id = 'nobody' WHERE ${entryOf('won', 'stake')}`,
    ],
    [
      'an amount changed',
      'double_entry',
      /moves PLAY by 5$/,
      `UPDATE ledger SET amount = amount + 5 WHERE ${entryOf('won', 'payout')}`,
    ],
    [
      'a row deleted',
      'versions',
      /ada has version 3 after 1/,
      `DELETE FROM ledger WHERE ${entryOf('won', 'stake')}`,
    ],
    [
      'a player below zero',
      'no_overdraft',
      /ben has -1/,
      `UPDATE accounts SET balance = -1 WHERE id = 'ben'`,
    ],
    [
      'a player below zero for a moment',
      'no_overdraft',
      /ben was left -5/,
      `UPDATE ledger SET balance_after = -5 WHERE account_id = 'ben' AND version = 2`,
    ],
    [
      'an order twice',
      'one_order',
      /ada has the nonce n2 2 times/,
      ...loose('intents'),
      `INSERT INTO intents SELECT 99, account_id, session_id, nonce, at, signed_text, signature,
      outcomes FROM intents WHERE nonce = 'n2'`,
    ],
    [
      'a tap twice',
      'one_order',
      /tap 0 of order 1 became 2 bets/,
      ...loose('bets'),
      `UPDATE bets SET idx = 0 WHERE id = 'lost'`,
    ],
    [
      "a bet of another account's order",
      'one_order',
      /bet held has no order of its account/,
      `UPDATE bets SET account_id = 'ada' WHERE id = 'held'`,
    ],
    [
      'two bets on a cell',
      'bets_per_cell',
      /ada has 2 bets on/,
      `INSERT INTO operator_actions (seq, id, batch, at, operator, what, target, detail, reason,
        state_before, state_after) VALUES (99, 'terms', 1, 1, 'house', 'publish-terms', '',
        '${termsText(DEFAULT_TERMS_OF_MODEL_1)}', 'start', '', '')`,
      `UPDATE bets SET cell = (SELECT cell FROM bets WHERE id = 'won') WHERE id = 'lost'`,
    ],
    [
      'an open bet forgotten',
      'open_stakes',
      /open:PLAY has 15000000, open bets hold 5000000/,
      `UPDATE bets SET status = 'lost', closing_entry = 1 WHERE id = 'held'`,
    ],
    [
      'a stake changed',
      'stake_row',
      /bet won has no ledger row of its stake/,
      `UPDATE bets SET stake = stake + 1 WHERE id = 'won'`,
    ],
    [
      'a stake taken twice',
      'stake_row',
      /bet won took 2 stakes/,
      `UPDATE ledger SET bet_id = 'won' WHERE ${entryOf('lost', 'stake')}`,
    ],
    [
      'a bet closed twice',
      'one_closing',
      /bet won is won with 2 closing rows/,
      `UPDATE ledger SET bet_id = 'won' WHERE ${entryOf('lost', 'loss')}`,
    ],
    [
      'a closed bet opened again',
      'one_closing',
      /bet won is locked with 1 closing rows/,
      `UPDATE bets SET status = 'locked' WHERE id = 'won'`,
    ],
    [
      'a closing row deleted',
      'one_closing',
      /bet gap is void with 0 closing rows/,
      `DELETE FROM ledger WHERE ${entryOf('gap', 'refund')}`,
    ],
    [
      'a loss called a void',
      'one_closing',
      /bet lost is void but was closed by loss of 0/,
      `UPDATE bets SET status = 'void' WHERE id = 'lost'`,
    ],
    [
      'a closing of nothing',
      'one_closing',
      /of the unknown bet nothing/,
      `UPDATE ledger SET bet_id = 'nothing' WHERE ${entryOf('won', 'payout')}`,
    ],
    [
      'a win paid more',
      'payout',
      /bet won is won, staked 10000000 at 235 and paid 23500001/,
      `UPDATE bets SET payout = payout + 1 WHERE id = 'won'`,
    ],
    [
      'a win at another multiplier',
      'payout',
      /at 240 and paid 23500000/,
      `UPDATE bets SET locked = 240 WHERE id = 'won'`,
    ],
    ['a loss paid', 'payout', /bet lost is lost/, `UPDATE bets SET payout = 1 WHERE id = 'lost'`],
    ['a refund halved', 'payout', /bet gap is void/, `UPDATE bets SET payout = payout / 2 WHERE id = 'gap'`],
    [
      'prettier returns',
      'returns',
      /PLAY at 235: 0 bets, 0 staked, 7 paid too many/,
      `UPDATE multiplier_returns SET paid = paid + 7 WHERE multiplier = 235`,
    ],
    [
      'a refund not counted',
      'returns',
      /PLAY gap: -1 refunds too many/,
      `DELETE FROM void_counts WHERE reason = 'gap'`,
    ],
    [
      'an action deleted',
      'operator_actions',
      /action 2 follows action 0/,
      'DELETE FROM operator_actions WHERE seq = 1',
    ],
    [
      'a transfer that was another one',
      'operator_actions',
      /action 1 moved nothing/,
      `UPDATE operator_actions SET detail = 'adjustment 15000001' WHERE seq = 1`,
    ],
    [
      'a refund that nobody ordered',
      'operator_actions',
      /bet called was given back by hand/,
      `UPDATE operator_actions SET target = '5' WHERE seq = 2`,
    ],
    [
      'a limit raised',
      'own_limits',
      /ada has other limits than its change 1$/,
      ...set('seq, daily_loss_max', '1, 5'),
      `UPDATE accounts SET daily_loss_max = 6 WHERE id = 'ada'`,
    ],
    [
      'a pause ended by hand',
      'own_limits',
      /ada has other limits than its change 1$/,
      ...set('seq, paused_until', '1, 7'),
      'DROP TRIGGER pauses_are_kept',
      `UPDATE accounts SET paused_until = NULL WHERE id = 'ada'`,
    ],
    [
      'a limit that nobody set',
      'own_limits',
      /ada has limits, but never set any/,
      `UPDATE accounts SET daily_loss_max = 6 WHERE id = 'ada'`,
    ],
    [
      'a limit loosened at once',
      'own_limits',
      /ada loosened its daily loss limit at once by change 2$/,
      ...set('seq, daily_loss_max', '1, 5'),
      ...set('seq, daily_loss_max', '2, 6'),
    ],
    [
      'a limit lifted at once',
      'own_limits',
      /ada loosened its daily loss limit at once by change 2$/,
      ...set('seq, daily_loss_max', '1, 5'),
      ...set('seq', '2'),
    ],
    [
      'a limit to be loosened in an hour',
      'own_limits',
      /ada loosens its daily loss limit too soon after change 1$/,
      ...set('seq, daily_loss_max, loosens_at, loosens_to', '1, 5, 3600000, 9'),
    ],
    [
      'a pause made shorter',
      'own_limits',
      /ada ended its pause early by change 2$/,
      ...set('seq, paused_until', '1, 7'),
      ...set('seq, paused_until', '2, 6'),
    ],
    [
      'a bet in a pause',
      'own_limits',
      /bet won was placed in the pause of change 1$/,
      ...set('seq, paused_until', `1, ${NOON + 1}`),
    ],
    [
      'the reason of an action',
      'ledger_chain',
      /batch 3 does/,
      `UPDATE operator_actions SET reason = 'another' WHERE seq = 1`,
    ],
    ['the last action deleted', 'ledger_chain', /batch 7 does/, 'DELETE FROM operator_actions WHERE seq = 2'],
    [
      'a time of a batch',
      'ledger_chain',
      /^ledger_chain: batch 3 does not have the hash/,
      `UPDATE batches SET at = at + 1 WHERE seq = 3`,
    ],
    [
      'a hash replaced',
      'ledger_chain',
      /batch 4 does not name the hash/,
      `UPDATE batches SET hash = 'ff' WHERE seq = 3`,
    ],
    ['a batch deleted', 'ledger_chain', /batch 5 follows batch 3/, `DELETE FROM batches WHERE seq = 4`],
    [
      'the last batch deleted',
      'ledger_chain',
      /ledger have rows of batch 7, after the last batch 6/,
      `DELETE FROM batches WHERE seq = 7`,
    ],
    [
      'the multiplier that was shown',
      'ledger_chain',
      /batch 4 does/,
      `UPDATE bets SET shown = 201 WHERE id = 'held'`,
    ],
    [
      'the multiplier of a lost bet',
      'ledger_chain',
      /batch 6 does/,
      `UPDATE bets SET locked = 191 WHERE id = 'lost'`,
    ],
    [
      'the tick that decided',
      'ledger_chain',
      /batch 7 does/,
      `UPDATE bets SET closed_tick = 4 WHERE id = 'won'`,
    ],
    [
      'the reason of a refund',
      'ledger_chain',
      /batch 6 does/,
      `UPDATE bets SET void_reason = 'gap' WHERE id = 'moved'`,
    ],
    [
      'an input of a quote, by its last bit',
      'ledger_chain',
      /batch 3 does/,
      `UPDATE revisions SET cw = cw + 1.2e-16 WHERE revision = 1`,
    ],
    [
      'the nonce of an order',
      'ledger_chain',
      /batch 4 does/,
      `UPDATE intents SET nonce = 'other' WHERE nonce = 'n2'`,
    ],
    [
      'the price of a tick',
      'tick_chain',
      /tick 3 does not have the hash/,
      `UPDATE ticks SET price = price + 1 WHERE seq = 2`,
    ],
    [
      'the source of a tick',
      'tick_chain',
      /tick 6 does not have the hash/,
      `UPDATE ticks SET sources = 'okx=1' WHERE seq = 5`,
    ],
    ['a tick deleted', 'tick_chain', /tick 3 follows tick 1/, `DELETE FROM ticks WHERE seq = 2`],
    [
      'a tick before its time',
      'tick_chain',
      /tick 5 is earlier than tick 4/,
      `UPDATE ticks SET at = 5 WHERE seq = 5`,
    ],
    ['a hash too many', 'tick_chain', /tick 2 carries a hash/, `UPDATE ticks SET hash = 'ff' WHERE seq = 2`],
    [
      'the last ticks and their hash deleted',
      'tick_chain',
      /batch 7 does not name the head/,
      `DELETE FROM ticks WHERE seq = 7`,
    ],
  ];

describe('invariants', () => {
  test('hold for a file that only the ledger wrote', () => {
    expect(found()).toEqual([]);
  });

  for (const [what, invariant, detail, ...damage] of DAMAGES) {
    test(`${invariant} finds ${what}`, () => {
      const all = found(...UNGUARDED, ...damage);
      expect(
        all.filter((violation) => violation.startsWith(`${invariant}: `) && detail.test(violation)),
      ).not.toEqual([]);
    });
  }

  test('are each proven by a damage above, and say what they mean', () => {
    expect([...new Set(DAMAGES.map(([, name]) => name))].sort()).toEqual(
      INVARIANTS.map(({ name }) => name).sort(),
    );
    for (const { sentence } of INVARIANTS) expect(sentence).toEndWith('.');
  });

  test('count on from a checkpoint: rows up to it may be gone', () => {
    const checkpoint = `INSERT INTO ledger_checkpoints SELECT account_id, id, balance_after, version, 0
      FROM ledger WHERE account_id = 'cy' AND version = 1`;
    const left = found(checkpoint, `DELETE FROM ledger WHERE account_id = 'cy'`);
    expect(
      left.filter(
        (violation) => !violation.startsWith('ledger_chain') && !violation.startsWith('double_entry'),
      ),
    ).toEqual([]);
  });
});

describe('the ledger table guards itself', () => {
  for (const [what, sql, message] of [
    ['an update', 'UPDATE ledger SET amount = 0', /never changed/],
    ['a deletion', 'DELETE FROM ledger', /only up to a checkpoint/],
    [
      'a deletion past the checkpoint',
      `INSERT INTO ledger_checkpoints VALUES ('ada', 1, 0, 0, 0); DELETE FROM ledger
      WHERE account_id = 'ada'`,
      /only up to a checkpoint/,
    ],
    [
      'a second closing',
      `INSERT INTO ledger SELECT 999, batch, account_id, at, kind, amount, balance_after, 999, bet_id
      FROM ledger WHERE kind = 'payout'`,
      /UNIQUE/,
    ],
  ] as const) {
    test(`against ${what}`, () => expect(() => found(sql)).toThrow(message));
  }
});
