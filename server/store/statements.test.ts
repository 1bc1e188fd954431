import { afterAll, beforeAll, expect, test } from 'bun:test';
import { heapStats } from 'bun:jsc';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTING } from '../../test/ledger-contract/scenario.ts';
import { ArchivedParts } from './archive/archived-parts.ts';
import { SqliteArchiveSource } from './archive/archive-source.ts';
import { openHistory } from './open-history.ts';
import { DATABASE_FILE, openStore, type Store } from './store.ts';
import { SqliteTail } from './tail-source.ts';

/** Connections that live as long as a process do not grow with what is asked of them. */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-statements-'));
const path = join(folder, DATABASE_FILE);
let store: Store;
beforeAll(async () => {
  store = await openStore({ dataDir: folder, ...SETTING, at: Date.UTC(2026, 5, 15), inProcess: true });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Statements that are there now. */
function statements(): number {
  Bun.gc(true);
  return heapStats().objectTypeCounts['SQLStatement'] ?? 0;
}

const ROUNDS = 200;

test.each<[string, () => { ask(): void; close(): void }]>([
  [
    'the tail',
    () => {
      const tail = new SqliteTail(path);
      const ask = (): void => {
        tail.hashOf(tail.begin().ledger.batch);
        for (const _ of tail.changed(0));
        tail.end();
      };
      return { ask, close: () => tail.close() };
    },
  ],
  [
    'the archiver',
    () => {
      const source = new SqliteArchiveSource(path);
      const ask = (): void => void [source.segments(), source.newest(), source.archiveEnd()];
      return { ask, close: () => source.close() };
    },
  ],
  [
    'what pages and API read of the archive',
    () => {
      const parts = new ArchivedParts(path, () => new Set());
      return { ask: () => void parts.moved('ada', 1), close: () => parts.close() };
    },
  ],
  [
    'a report',
    () => {
      const history = openHistory(path);
      return { ask: () => void history.numberBefore('ledger', 1), close: () => history.close() };
    },
  ],
])('%s', (_, open) => {
  const asked = open();
  asked.ask();
  const before = statements();
  for (let round = 0; round < ROUNDS; round++) asked.ask();
  expect(statements() - before).toBeLessThan(ROUNDS / 10);
  asked.close();
});
