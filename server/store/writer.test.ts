import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerSetting, LedgerUnderTest } from '../../test/ledger-contract/scenario.ts';
import { NOON } from '../../test/ledger-contract/scenario.ts';
import { openReaderDatabase } from './database.ts';
import { checkInvariants } from './invariants.ts';
import { ledgerContract } from '../../test/ledger-contract/ledger.contract.ts';
import { DATABASE_FILE, openStore } from './store.ts';

for (const [name, inProcess] of [
  ['SQLite in process', true],
  ['SQLite in a worker', false],
] as const) {
  ledgerContract(name, (setting) =>
    openUnderTest(mkdtempSync(join(tmpdir(), 'tapgrid-ledger-')), setting, inProcess),
  );
}

async function openUnderTest(
  dataDir: string,
  setting: LedgerSetting,
  inProcess: boolean,
): Promise<LedgerUnderTest> {
  const store = await openStore({ dataDir, ...setting, at: NOON, inProcess, simulationWithoutFsync: true });
  const checker = openReaderDatabase(join(dataDir, DATABASE_FILE));
  const end = async (): Promise<void> => {
    checker.close();
    await store.close();
  };
  return {
    ledger: store.ledger,
    books: store.books,
    violations: () => checkInvariants(checker).map(({ invariant, detail }) => `${invariant}: ${detail}`),
    async reopen() {
      await end();
      return openUnderTest(dataDir, setting, inProcess);
    },
    async close() {
      await end();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
