import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dollars } from '../../server/game/money.ts';
import type { OperatorDeed } from '../../server/game/operator.ts';
import { archive } from '../simulation/archiving.ts';
import { databaseOf, OldBooks } from '../simulation/archived-books.ts';
import { World } from '../simulation/world.ts';
import { brokenOf, faultsOf, LEFT_OUT, secondOpinion, SIGNATURES } from '../stage/second-opinion.ts';
import { seedOf } from '../stage/seed.ts';

const SEED = seedOf('SIMULATION_SEED');
const VERIFIER = join(import.meta.dir, 'verify.py');
const root = mkdtempSync(join(tmpdir(), 'tapgrid-verifier-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (...words: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['python3', VERIFIER, ...words]);
  return { code: exitCode, out: stdout.toString(), error: stderr.toString() };
};

/**
 * Books of some minutes of trade under both rules, with gaps, venues that go and come, a restart, and a
 * trader who takes a pause at the end.
 */
async function trade(dataDir: string): Promise<string> {
  const world = new World(SEED, dataDir);
  world.publishes = true;
  world.betsPerCellMax = 3;
  await world.open();
  for (let n = 0; n < 6; n++) await world.addTrader(n === 3 ? { guardPercent: 90 } : undefined);
  for (let step = 0; step < 800; step++) {
    await world.tick();
    if (world.chance.happens(0.35)) await world.order();
    // Before the silence many tap, so that some of their windows lie in it whatever the seed.
    for (let more = 0; step > 450 && step < 650 && more < 2; more++) await world.order();
    if (step % 100 === 50) world.venues = 2 + (step % 200 === 50 ? 1 : 0);
    if (step === 650) world.silence(3_500);
    if (step === 300) await byHand(world);
    if (step === 400) await world.restart(1_000);
  }
  for (let n = 0; n < 700; n++) await world.tick();
  await world.store.close();
  return databaseOf(dataDir);
}

describe.skipIf(LEFT_OUT !== null)(
  `a verifier in Python (seed ${SEED}, SIMULATION_SEED)${LEFT_OUT ?? ''}`,
  () => {
    let file = '';
    beforeAll(async () => {
      file = await trade(join(root, 'books'));
    }, 120_000);

    test('finds nothing in books that are right, and has looked at all of them', () => {
      expect(faultsOf(file)).toEqual([]);
      const { checks, books } = secondOpinion(file);
      expect(
        checks.filter(({ name, lookedAt }) => lookedAt === 0 && !['archive', 'shadow'].includes(name)),
      ).toEqual([]);
      expect(Number(books['bets'])).toBeGreaterThan(30);
      expect(checks.filter(({ leftOut }) => Object.keys(leftOut).length > 0)).toEqual([]);
      expect(statuses(file)).toEqual(
        expect.arrayContaining([
          'lost by rule 1',
          'lost by rule 2',
          'won by rule 1',
          'won by rule 2',
          'void by rule 2',
        ]),
      );
    });

    test('goes on where the archive ends, and says what it leaves to it', async () => {
      const old = new OldBooks(SEED, join(root, 'old'));
      await old.make();
      const ledger = old.open(old.dataDir);
      expect((await archive({ dataDir: old.dataDir, ledger, now: old.now })).segments.length).toBeGreaterThan(
        1,
      );
      await ledger.close();
      expect(faultsOf(databaseOf(old.dataDir))).toEqual([]);
      expect(Number(secondOpinion(databaseOf(old.dataDir)).books['archived up to'])).toBeGreaterThan(100);
      const db = new Database(databaseOf(old.dataDir));
      db.run(
        'UPDATE archive_segments SET chain_out = replace(chain_out, substr(chain_out, 1, 8), ' +
          `'deadbeef') WHERE number = (SELECT MAX(number) FROM archive_segments)`,
      );
      db.close();
      expect(brokenOf(secondOpinion(databaseOf(old.dataDir)))).toContain('chain');
    }, 120_000);

    test('a head that was noted is there, and another is not', () => {
      const db = new Database(file, { readonly: true });
      const { seq, hash } = db
        .query<{ seq: number; hash: string }, []>(
          'SELECT seq, hash FROM batches ORDER BY seq LIMIT 1 OFFSET 40',
        )
        .get()!;
      db.close();
      expect(faultsOf(file, '--anchor', `${seq}:${hash}`)).toEqual([]);
      expect(
        faultsOf(file, '--anchor', `${seq}:${hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))}`),
      ).toEqual([`second verifier, chain: batch ${seq} was noted with another hash`]);
    });

    test('the command: text for people, codes, help, and words for what cannot be checked', () => {
      const right = run(file);
      expect([right.code, right.error]).toEqual([0, '']);
      expect(right.out).toContain('All that was checked holds.');
      const help = run('--help');
      for (const option of [
        '--json',
        '--signatures',
        '--anchor',
        '--max-gap-ms',
        '--hold-ms',
        '--quote-ttl-ms',
        '--deadline-ms-max',
        '--shadow-blocks',
        'exit codes',
      ])
        expect(help.out).toContain(option);
      expect(help.code).toBe(0);
      expect(run(join(root, 'nothing.db'))).toMatchObject({
        code: 2,
        out: '',
        error: expect.stringContaining('there is no file'),
      });
      writeFileSync(
        join(root, 'text.db'),
        'this is no database, it is a text that is long enough to have a header of one hundred bytes, ' +
          'which it fills with words and nothing else',
      );
      expect(run(join(root, 'text.db'))).toMatchObject({
        code: 2,
        out: '',
        error: expect.stringContaining('nothing could be checked'),
      });
      expect(run(file, '--anchor', 'x')).toMatchObject({ code: 2, out: '' });
      const broken = mutated(file, 'command', [
        "UPDATE bets SET payout = payout + 1 WHERE seq = (SELECT MIN(seq) FROM bets WHERE status = 'won')",
      ]);
      expect(run(broken)).toMatchObject({
        code: 1,
        out: expect.stringMatching(/BROKEN {2}bets[\s\S]*Does not hold: bets/),
      });
    }, 60_000);

    test('the books stay as they are', () => {
      const before = readFileSync(file);
      expect(run(file).code).toBe(0);
      expect(readFileSync(file).equals(before)).toBe(true);
    }, 60_000);

    test.skipIf(SIGNATURES.length === 0)(
      `signatures are verified when they are asked for${SIGNATURES.length === 0 ? ': LEFT OUT, the package cryptography is not installed' : ''}`,
      () => {
        // Those of a simulation are made up; scripts/backup/drill.test.ts has real ones.
        const [signatures, ...others] = secondOpinion(file, ...SIGNATURES).checks.filter(
          ({ violations }) => violations > 0,
        );
        expect([signatures!.name, signatures!.violations, others]).toEqual([
          'signatures',
          signatures!.lookedAt,
          [],
        ]);
      },
    );

    test.each(MUTATIONS)(
      'finds %s',
      (_, check, statements) => {
        const copy = mutated(file, 'mutated', statements);
        const opinion = secondOpinion(copy);
        expect(opinion.checks.find(({ name }) => name === check)).toMatchObject({
          name: check,
          examples: expect.arrayContaining([expect.any(String)]),
        });
        expect(brokenOf(opinion)).toContain(check);
      },
      60_000,
    );

    test('finds a bet that was written down when its outcome was known, though both chains were hashed anew', () => {
      const copy = mutated(file, 'late', [
        'UPDATE bets SET batch = (SELECT MAX(batch) FROM ticks WHERE at >= start_ms AND at < start_ms ' +
          `+ 2000) WHERE seq = (${betWhere("status = 'won' AND rule = 2")})`,
        'UPDATE ledger SET batch = (SELECT batch FROM bets WHERE stake_entry = ledger.id) WHERE id = ' +
          `(SELECT stake_entry FROM bets WHERE seq = (${betWhere("status = 'won' AND rule = 2")}))`,
      ]);
      const rehashed = Bun.spawnSync(['python3', join(import.meta.dir, 'rehash.py'), copy]);
      expect([rehashed.exitCode, rehashed.stderr.toString()]).toEqual([0, '']);
      const opinion = secondOpinion(copy);
      expect(brokenOf(opinion)).toContain('times');
      expect(brokenOf(opinion)).not.toContain('chain');
    }, 60_000);
  },
);

/** What operators do, with all letters in their reasons; the engine learns of it at its next start. */
async function byHand(world: World): Promise<void> {
  const PRICES = {
    at: world.now + 86_400_000,
    name: 'Größe | 20 % / +1',
    beforeMs: 300_000,
    afterMs: 900_000,
  };
  const JOBS = { ...PRICES, name: 'Jobs' };
  const open = world.store.books.openBets();
  const player = open[0]!.accountId;
  const startMs = open.at(-1)!.cell.startMs;
  const deeds: OperatorDeed[] = [
    { what: 'halt' },
    { what: 'resume' },
    { what: 'transfer', accountId: player, entry: 'deposit', amount: dollars(25) },
    { what: 'transfer', accountId: player, entry: 'withdrawal', amount: dollars(5) },
    { what: 'transfer', accountId: player, entry: 'adjustment', amount: dollars(-1) },
    { what: 'void-window', startMs },
    {
      what: 'limit-account',
      accountId: player,
      limits: { stakeMax: dollars(100), openPayout: dollars(9_000) },
    },
    { what: 'limit-account', accountId: player, limits: { dailyStake: dollars(900_000), stakeMax: null } },
    { what: 'limit-account', accountId: player, limits: { holdMs: 1_500 } },
    { what: 'limit-account', accountId: player, limits: { holdMs: null } },
    { what: 'block', accountId: player },
    { what: 'unblock', accountId: player },
    { what: 'plan-maintenance', from: world.now + 3_600_000, until: world.now + 7_200_000 },
    { what: 'cancel-maintenance' },
    { what: 'change-calendar', change: { add: [PRICES, JOBS], remove: [] } },
    { what: 'change-calendar', change: { add: [{ ...JOBS, afterMs: 120_000 }], remove: [PRICES] } },
    { what: 'plan-maintenance', from: world.now + 7_200_000, until: world.now + 9_000_000 },
  ];
  const at = world.now;
  for (const [index, deed] of deeds.entries()) {
    const order = {
      id: `by-hand-${index}`,
      operator: 'Zoë | night shift',
      approvedBy: index === 2 ? "O'Hara (2nd)" : null,
      reason: `größer als 100 %, "so" & <why> ~ №${index}!`,
      deed,
    };
    const { results } = await world.store.ledger.commitBatch([{ kind: 'operate', order, at }], at);
    expect(results[0]).toMatchObject({ kind: 'operated' });
  }
  const order = {
    id: 'large',
    operator: 'Zoë',
    approvedBy: null,
    reason: 'two — people',
    deed: { what: 'transfer', accountId: player, entry: 'deposit', amount: dollars(500) } as const,
  };
  const alone = { each: dollars(100), all: dollars(100) };
  const asked = await world.store.ledger.commitBatch(
    [{ kind: 'operate', order, at, alone, mayWait: true }],
    at,
  );
  expect(asked.results[0]).toMatchObject({ refused: 'approval_needed' });
  const approval = { kind: 'approve-order', id: 'large', by: 'Bea', at } as const;
  expect((await world.store.ledger.commitBatch([approval], at)).results[0]).toMatchObject({
    kind: 'operated',
  });
}

function betWhere(condition: string): string {
  return `SELECT MIN(seq) FROM bets WHERE ${condition}`;
}

/** An order that became a bet; one of which nothing was taken binds nobody. */
const takenOrder = 'SELECT MIN(intent_id) FROM bets';

/**
 * What somebody with a hand on the file might change, and the check that must see it whatever the chain says.
 */
const MUTATIONS: [what: string, check: string, statements: string[]][] = [
  ['a price of a tick', 'ticks', ['UPDATE ticks SET price = price + 1 WHERE seq = 500']],
  [
    'a venue that said something else',
    'chain',
    [
      "UPDATE ticks SET sources = 'v9' || substr(sources, 3) WHERE seq = 500",
      'UPDATE batches SET tick_hash = hash WHERE seq = (SELECT batch FROM ticks WHERE seq = 500)',
    ],
  ],
  ['a tick that is gone', 'ticks', ['DELETE FROM ticks WHERE seq = 700']],
  [
    'the hash of a commit',
    'chain',
    ["UPDATE batches SET hash = '0' || substr(hash, 2) WHERE seq IN (99, 100, 101)"],
  ],
  ['a commit that is gone', 'chain', ['DELETE FROM batches WHERE seq = 120']],
  [
    'a version of the rule',
    'chain',
    [`UPDATE bets SET rule = 3 - rule WHERE seq = (${betWhere("status = 'lost'")})`],
  ],
  [
    'money that came from nowhere',
    'balances',
    [
      'UPDATE accounts SET balance = balance + 1000000 WHERE id = (SELECT MIN(id) FROM accounts WHERE ' +
        "kind = 'player')",
    ],
  ],
  [
    'two balances that cancel each other out',
    'balances',
    [
      'UPDATE accounts SET balance = balance + 7 WHERE id = (SELECT MIN(id) ' +
        "FROM accounts WHERE kind = 'player')",
      "UPDATE accounts SET balance = balance - 7 WHERE id = 'house:PLAY'",
    ],
  ],
  [
    'a hole in the versions',
    'balances',
    ["UPDATE accounts SET version = version + 1 WHERE id = 'house:PLAY'"],
  ],
  [
    'a row of the ledger with another amount',
    'entries',
    ["UPDATE ledger SET amount = amount + 5 WHERE id = (SELECT MAX(id) FROM ledger WHERE kind = 'payout')"],
  ],
  [
    'money that went to the funding instead of the house',
    'entries',
    [
      "UPDATE ledger SET account_id = 'funding:PLAY', version = 9999 WHERE id = (SELECT MAX(id) FROM " +
        "ledger WHERE account_id = 'house:PLAY')",
    ],
  ],
  [
    'a stake that was never taken',
    'bets',
    [
      'DELETE FROM ledger WHERE id = (SELECT stake_entry FROM bets WHERE seq = ' +
        `(${betWhere("status = 'lost'")}))`,
    ],
  ],
  [
    'a bet that nothing closed',
    'bets',
    [
      'DELETE FROM ledger WHERE id = (SELECT closing_entry FROM bets WHERE seq = ' +
        `(${betWhere("status = 'won'")}))`,
    ],
  ],
  [
    'a payout that is a millionth too high',
    'bets',
    [`UPDATE bets SET payout = payout + 1 WHERE seq = (${betWhere("status = 'won'")})`],
  ],
  [
    'more bets on a cell than the terms allow',
    'bets',
    [
      `UPDATE operator_actions SET detail = replace(replace(detail, '"betsPerCellMax":5', ` +
        `'"betsPerCellMax":0'), '"betsPerCellMax":1', '"betsPerCellMax":0') WHERE what = 'publish-terms'`,
    ],
  ],
  [
    'a bet on another cell',
    'bets',
    [`UPDATE bets SET low = low - 1 WHERE seq = (${betWhere("status = 'won'")})`],
  ],
  [
    'a multiplier that was shown',
    'quotes',
    [`UPDATE bets SET shown = shown + 1 WHERE seq = (${betWhere("status = 'won'")})`],
  ],
  [
    'a volatility',
    'quotes',
    [
      'UPDATE revisions SET v10 = v10 * 1.3, scale_bp = scale_bp * 1.3 WHERE revision = ' +
        `(SELECT shown_revision FROM bets WHERE seq = (${betWhere("status = 'lost'")}))`,
    ],
  ],
  [
    'a locked multiplier',
    'locks',
    [`UPDATE bets SET locked = locked + 1 WHERE seq = (${betWhere("status = 'won' AND locked < 2400")})`],
  ],
  [
    'a later revision that locked',
    'locks',
    [`UPDATE bets SET locked_revision = locked_revision + 1 WHERE seq = (${betWhere("status = 'won'")})`],
  ],
  [
    'a guard that would have given the stake back',
    'locks',
    [
      'UPDATE bets SET guard_percent = 100, locked = shown - 1 WHERE seq = ' +
        `(${betWhere("status = 'lost' AND filled = 0")})`,
    ],
  ],
  [
    'a loss that was made a win',
    'outcomes',
    [
      `UPDATE bets SET status = 'won', payout = stake * locked / 100 WHERE seq = ` +
        `(${betWhere("status = 'lost'")})`,
    ],
  ],
  [
    'a win that was made a loss',
    'outcomes',
    [`UPDATE bets SET status = 'lost', payout = 0 WHERE seq = (${betWhere("status = 'won'")})`],
  ],
  [
    'a loss that was called a gap',
    'outcomes',
    [
      `UPDATE bets SET status = 'void', void_reason = 'gap', payout = stake, ` +
        `closed_tick = NULL WHERE seq = (${betWhere("status = 'lost'")})`,
    ],
  ],
  [
    'a refund without an operator',
    'outcomes',
    [
      `UPDATE bets SET status = 'void', void_reason = 'operator', payout = stake, ` +
        `closed_tick = NULL WHERE seq = (${betWhere("status = 'lost'")})`,
    ],
  ],
  [
    'a deciding tick that was another one',
    'outcomes',
    [`UPDATE bets SET closed_tick = closed_tick - 1 WHERE seq = (${betWhere("status = 'lost'")})`],
  ],
  [
    'a bet chained behind the ticks of its window',
    'times',
    [`UPDATE bets SET batch = batch + 150 WHERE seq = (${betWhere("status = 'won'")})`],
  ],
  [
    'a tap that is younger than it was',
    'times',
    [
      'UPDATE bets SET placed_at = placed_at + 3000, lock_at = lock_at + 3000 WHERE seq = ' +
        `(${betWhere("status = 'lost'")})`,
    ],
  ],
  [
    'a lock from before its revision',
    'times',
    [`UPDATE bets SET locked_batch = batch WHERE seq = (${betWhere("status = 'won' AND filled = 0")})`],
  ],
  [
    'an order with another text',
    'orders',
    [`UPDATE intents SET signed_text = signed_text || ' ' WHERE id = (${takenOrder})`],
  ],
  [
    'an order of another session',
    'orders',
    [
      'UPDATE intents SET session_id = (SELECT id FROM sessions WHERE account_id <> ' +
        `intents.account_id LIMIT 1) WHERE id = (${takenOrder})`,
    ],
  ],
  ['a bet from after the session', 'orders', ['UPDATE sessions SET ended_at = created_at']],
  [
    'outcomes that are no list',
    'orders',
    [`UPDATE intents SET outcomes = '[null' WHERE id = (${takenOrder})`],
  ],
  [
    'a status that there is not',
    'bets',
    [`UPDATE bets SET status = 'gone' WHERE seq = (${betWhere("status = 'lost'")})`],
  ],
  [
    'columns that nobody can read',
    'quotes',
    [
      `UPDATE revisions SET quoted_columns = replace(quoted_columns, ':', ` +
        `';') WHERE revision = (SELECT shown_revision FROM bets WHERE seq = ` +
        `(${betWhere("status = 'lost'")}))`,
    ],
  ],
  ['terms that are none', 'terms', ["UPDATE operator_actions SET detail = '{' WHERE what = 'publish-terms'"]],
  [
    'a migration that was another one',
    'schema',
    [
      'UPDATE migrations SET hash = replace(hash, substr(hash, 1, 6), ' +
        "'000000') WHERE name LIKE '%create_books'",
    ],
  ],
  ['a stake beyond the key', 'orders', ['UPDATE sessions SET stake_max = 1, daily_cap = 1']],
  ['a published return', 'returns', ['UPDATE multiplier_returns SET paid = paid + 1']],
  ['a refund that is not counted', 'returns', ['DELETE FROM void_counts']],
  [
    'a bet in a pause',
    'limits',
    [
      'INSERT INTO limit_changes (account_id, batch, at, guard_percent, ' +
        'paused_until) SELECT account_id, batch - 1, placed_at - 1, 80, ' +
        '9007199254740991 FROM bets ORDER BY seq DESC LIMIT 1',
    ],
  ],
  ['a limit that nobody set', 'limits', ['UPDATE accounts SET guard_percent = 55 WHERE guard_percent = 90']],
  [
    'a bet of another window than is published',
    'terms',
    [`UPDATE bets SET window_ms = 5001 WHERE seq = (${betWhere("status = 'lost'")})`],
  ],
  [
    'a price of a venue that is not published',
    'terms',
    ["UPDATE ticks SET sources = 'v9=' || price WHERE seq = 500"],
  ],
  ['an edge that is not published', 'terms', ['UPDATE revisions SET edge = 0.07 WHERE revision = 200']],
  [
    'a reason that an operator did not give',
    'chain',
    ["UPDATE operator_actions SET reason = 'because' WHERE id = 'by-hand-2'"],
  ],
  [
    'a deposit that was less',
    'entries',
    ["UPDATE operator_actions SET detail = 'deposit 1' WHERE id = 'by-hand-2'"],
  ],
  [
    'a block that lasted longer',
    'restrictions',
    ["UPDATE operator_actions SET batch = batch + 200 WHERE what = 'unblock'"],
  ],
  [
    'a stake that was allowed less',
    'restrictions',
    [
      "UPDATE operator_actions SET detail = 'stake=1 payout=9000000000', " +
        "state_after = 'open stake=1 day=none payout=9000000000' WHERE id = 'by-hand-6'",
      "UPDATE operator_actions SET detail = 'day=900000000000', " +
        "state_before = 'open stake=1 day=none payout=9000000000', " +
        "state_after = 'open stake=1 day=900000000000 payout=9000000000' WHERE id = 'by-hand-7'",
    ],
  ],
  [
    'a day that was allowed less',
    'restrictions',
    [
      "UPDATE operator_actions SET detail = replace(detail, '900000000000', '1'), " +
        "state_after = replace(state_after, '900000000000', '1') WHERE id = 'by-hand-7'",
    ],
  ],
  [
    'open bets that were allowed less',
    'restrictions',
    [
      "UPDATE operator_actions SET detail = replace(detail, '9000000000', '1'), " +
        "state_after = replace(state_after, '9000000000', '1') WHERE id = 'by-hand-6'",
    ],
  ],
  [
    'a longer hold of an account that nobody set',
    'restrictions',
    [
      "UPDATE operator_actions SET state_after = replace(state_after, ' hold=1500', ' hold=900') " +
        "WHERE what = 'limit-account'",
    ],
  ],
  [
    'what held before a change',
    'restrictions',
    ["UPDATE operator_actions SET state_before = state_after WHERE what = 'block'"],
  ],
  [
    'a maintenance that was to begin earlier',
    'maintenance',
    [
      `UPDATE operator_actions SET state_after = (SELECT MAX(start_ms) FROM bets) || '-' || detail, target = (SELECT MAX(start_ms) FROM bets)
       WHERE seq = (SELECT MAX(seq) FROM operator_actions WHERE what = 'plan-maintenance')`,
    ],
  ],
  [
    'what was announced before',
    'maintenance',
    ["UPDATE operator_actions SET state_before = 'none' WHERE what = 'cancel-maintenance'"],
  ],
  [
    'news that no calendar has',
    'news',
    ['UPDATE revisions SET headline = at WHERE revision = (SELECT MAX(revision) FROM revisions)'],
  ],
  [
    'an entry of the calendar that nobody added',
    'news',
    [
      "UPDATE operator_actions SET state_after = replace(state_after, 'Jobs', 'Fed') " +
        "WHERE what = 'change-calendar'",
    ],
  ],
  [
    'a second person who was not asked',
    'approvals',
    ["UPDATE operator_actions SET target = 'other' WHERE what = 'request'"],
  ],
  [
    'a second person who was the first',
    'approvals',
    ["UPDATE operator_actions SET approved_by = ' zoë' WHERE id = 'large'"],
  ],
  ['a trigger that is gone', 'schema', ['DROP TRIGGER ledger_is_append_only']],
  ['an index that is gone', 'schema', ['DROP INDEX bets_on_cell']],
];

/**
 * A copy of the books in which somebody has had his way: who changes rows takes the triggers away first and
 * puts them back.
 */
function mutated(file: string, name: string, statements: readonly string[]): string {
  const copy = join(root, `${name}.db`);
  copyFileSync(file, copy);
  const db = new Database(copy);
  db.run('PRAGMA foreign_keys = OFF');
  db.run('PRAGMA ignore_check_constraints = ON');
  const triggers = db
    .query<{ name: string; sql: string }, []>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  const dropped = statements.filter((statement) => statement.startsWith('DROP'));
  for (const trigger of triggers) db.run(`DROP TRIGGER ${trigger.name}`);
  const changes = statements
    .filter((statement) => !statement.startsWith('DROP'))
    .map((statement) => db.run(statement).changes);
  if (changes.includes(0)) throw new Error(`nothing was changed by one of ${statements.join('; ')}`);
  for (const trigger of triggers) db.run(trigger.sql);
  for (const statement of dropped) db.run(statement);
  db.close();
  return copy;
}

function statuses(file: string): string[] {
  const db = new Database(file, { readonly: true });
  try {
    return db
      .query<{ status: string }, []>("SELECT DISTINCT status || ' by rule ' || rule AS status FROM bets")
      .all()
      .map(({ status }) => status);
  } finally {
    db.close();
  }
}
