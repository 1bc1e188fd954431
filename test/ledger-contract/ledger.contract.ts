import { afterEach, describe, expect } from 'bun:test';
import { limitsContract } from './limits.ts';
import { operatingContract } from './operating.ts';
import { ownLimitsContract } from './own-limits.ts';
import { placingContract } from './placing.ts';
import { approvingContract } from './approving.ts';
import { restrictingContract } from './restricting.ts';
import { recordingContract } from './recording.ts';
import { shadowContract } from './shadow.ts';
import { replayingContract } from './replaying.ts';
import { NOON, SETTING, type Desk, type LedgerSetting, type LedgerUnderTest } from './scenario.ts';
import { settlingContract } from './settling.ts';
import { transfersContract } from './transfers.ts';

/** What every engine behind the ledger port does. @param open gives one on an empty store. */
export function ledgerContract(
  name: string,
  open: (setting: LedgerSetting) => Promise<LedgerUnderTest>,
): void {
  let under: LedgerUnderTest | null = null;
  const desk: Desk = {
    start: async (setting = {}) => (under = await open({ ...SETTING, ...setting })).books,
    reopen: async () => (under = await under!.reopen()).books,
    get under() {
      return under!;
    },
    async commit(...operations) {
      const done = await under!.ledger.commitBatch(
        operations,
        Math.max(
          NOON,
          ...operations.map((operation) => (operation.kind === 'place-bets' ? operation.at : NOON)),
        ),
      );
      expect(under!.violations()).toEqual([]);
      return done;
    },
    balance: (id = 'ada') => under!.books.account(id)!.balance / 1e6,
  };

  describe(`ledger contract: ${name}`, () => {
    afterEach(async () => {
      await under?.close();
      under = null;
    });
    placingContract(desk);
    replayingContract(desk);
    settlingContract(desk);
    limitsContract(desk);
    ownLimitsContract(desk);
    transfersContract(desk);
    recordingContract(desk);
    shadowContract(desk);
    operatingContract(desk);
    restrictingContract(desk);
    approvingContract(desk);
  });
}
