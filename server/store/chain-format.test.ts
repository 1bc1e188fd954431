import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOON, SETTING } from '../../test/ledger-contract/scenario.ts';
import { tellStory } from '../../test/ledger-contract/story.ts';
import { DATABASE_FILE, openStore } from './store.ts';

type Row = Record<string, string | number | null>;

const hash = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');
const fields = (name: string, ...values: readonly (string | number | null | undefined)[]): string =>
  [name, ...values.map((field) => field ?? '')].join('|');

const encoded = (text: Row[string] | undefined): string | null =>
  text == null ? null : encodeURIComponent(text);

/** Written from docs/ledger-format.md alone, with none of the code that it checks. */
test('both chains can be computed from the rows by what the document says', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-format-'));
  const store = await openStore({
    dataDir,
    at: NOON,
    inProcess: true,
    simulationWithoutFsync: true,
    ...SETTING,
  });
  await tellStory(store.ledger);
  const heads = store.books.chain();
  await store.close();

  const db = new Database(join(dataDir, DATABASE_FILE), { readonly: true });
  const rows = (sql: string): Row[] => db.query(sql).all() as Row[];
  const bets = rows('SELECT b.*, i.nonce FROM bets b JOIN intents i ON i.id = b.intent_id ORDER BY b.seq');
  const actions = rows('SELECT * FROM operator_actions ORDER BY seq');
  const [ledger, revisions, ticks] = [
    rows('SELECT * FROM ledger ORDER BY id'),
    rows('SELECT * FROM revisions ORDER BY revision'),
    rows('SELECT * FROM ticks ORDER BY seq'),
  ];
  const shadow = rows('SELECT * FROM shadow_blocks ORDER BY block');
  let head = '0'.repeat(64);
  let tickHead = head;
  for (const batch of rows('SELECT * FROM batches ORDER BY seq')) {
    const own = ticks.filter((tick) => tick.batch === batch.seq);
    if (own.length)
      tickHead = hash([
        tickHead,
        ...own.map((tick) => [tick.seq, tick.at, tick.price, tick.sources].join('|')),
      ]);
    head = hash([
      fields('batch', batch.seq, batch.at, head),
      ...bets
        .filter((bet) => bet.batch === batch.seq)
        .map((bet) =>
          fields(
            'bet',
            bet.seq,
            bet.id,
            bet.account_id,
            bet.nonce,
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
            bet.filled ? bet.locked : null,
            bet.filled ? bet.locked_revision : null,
            ...(bet.rule === 1 ? [] : [bet.rule]),
          ),
        ),
      ...bets
        .filter((bet) => bet.locked_batch === batch.seq)
        .map((bet) => fields('lock', bet.id, bet.locked, bet.locked_revision)),
      ...ledger
        .filter((entry) => entry.batch === batch.seq)
        .flatMap((entry) => {
          const line = fields(
            'entry',
            entry.id,
            entry.account_id,
            entry.at,
            entry.kind,
            entry.amount,
            entry.balance_after,
            entry.version,
            entry.bet_id,
          );
          const bet = bets.find(({ closing_entry }) => closing_entry === entry.id);
          return bet
            ? [
                line,
                fields(
                  'close',
                  bet.id,
                  bet.status,
                  bet.closed_at,
                  bet.closed_tick,
                  bet.void_reason,
                  bet.locked_revision,
                ),
              ]
            : [line];
        }),
      ...revisions
        .filter((revision) => revision.batch === batch.seq)
        .map((row) =>
          fields(
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
            ...(row.headline === 0 ? [] : [row.headline]),
          ),
        ),
      ...shadow
        .filter((block) => block.batch === batch.seq)
        .map((row) =>
          fields(
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
            ...(row.windows === '' ? [] : [row.windows]),
          ),
        ),
      ...actions
        .filter((action) => action.batch === batch.seq)
        .map((row) =>
          fields(
            'action',
            row.seq,
            row.id,
            row.at,
            encoded(row.operator),
            encoded(row.approved_by),
            row.what,
            row.target,
            row.detail,
            encoded(row.reason),
            row.state_before,
            row.state_after,
          ),
        ),
      fields('ticks', tickHead),
    ]);
  }
  db.close();
  rmSync(dataDir, { recursive: true });
  expect([bets.length > 3, actions.length > 1]).toEqual([true, true]);
  expect([heads.ledger.hash, heads.ticks.hash]).toEqual([head, tickHead]);
});
