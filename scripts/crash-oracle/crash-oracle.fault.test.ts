import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from 'bun:sqlite';
import { audit } from './audit.ts';
import { crash } from './driver.ts';
import { readJournal } from './journal.ts';

const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 30);
const dir = mkdtempSync(join(tmpdir(), 'tapgrid-crash-'));
mkdirSync(dir, { recursive: true });
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test(`${ROUNDS} kills at random moments (seed ${SEED}, CRASH_SEED, CRASH_ROUNDS) lose no acknowledged bet and close none twice`, async () => {
  let acknowledged = 0;
  const faults = await crash({ rounds: ROUNDS, seed: SEED, dir, traders: 6, onRound: (_, found) => (acknowledged = found.acknowledged) });
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(ROUNDS);
}, 900_000);

test('the audit sees a bet that is gone, one that nobody was told of, and an outcome that the ticks do not give', () => {
  const path = join(dir, 'data', 'tapgrid.db');
  const journal = readJournal(join(dir, 'journal.jsonl'));
  expect(audit(path, journal, 3_000).faults).toEqual([]);
  const accepted = journal.findLast((line) => line.kind === 'answer' && line.results?.some(({ status }) => status === 'accepted'));
  if (accepted?.kind !== 'answer') throw new Error('no bet was acknowledged');
  const untold = journal.map((line) => (line === accepted ? { ...line, results: [], code: 'halted' } : line));
  expect(audit(path, untold, 3_000).faults.join()).toContain('there and not acknowledged');
  const db = new Database(path);
  const lost = db.query<{ id: string }, []>("SELECT id FROM bets WHERE status = 'lost' LIMIT 1").get()!.id;
  db.run("UPDATE bets SET status = 'won' WHERE id = ?", [lost]);
  expect(audit(path, journal, 3_000).faults.join()).toContain(`${lost} should be lost, is won`);
  // Somebody who takes a row away takes the trigger away first.
  db.run('DROP TRIGGER bets_keep_unarchived');
  db.run('PRAGMA foreign_keys = OFF');
  db.run('DELETE FROM bets WHERE id = ?', [accepted.results!.find(({ status }) => status === 'accepted')!.betId!]);
  db.close();
  expect(audit(path, journal, 3_000).faults.join()).toContain('acknowledged and not there');
});
