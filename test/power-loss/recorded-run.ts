import { writeSync } from 'node:fs';
import { dollars, micros, multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import type { Operation } from '../../server/ports/ledger.ts';
import { closeLedger, openLedger } from '../../server/store/writer.ts';

/**
 * Commits bets one batch after another and says on standard output, after each commit, up to which bet
 * everything was acknowledged. It is run under a recorder of system calls. Arguments: database path, number
 * of batches, `FULL` or the control `NORMAL`.
 */
const [path, batches, synchronous] = process.argv.slice(2) as [string, string, string];
const START = 1_800_000_000_000;
const BETS_PER_BATCH = 3;
/** Small, so that the run has checkpoints in it. */
const CHECKPOINT_PAGES = 60;

const caps = {
  cellShare: 1,
  columnShare: 1,
  totalShare: 1,
  accountShare: 1,
  openBetsMax: 1e6,
  betsPerCellMax: 5,
};
const { db, ledger } = openLedger({
  path,
  caps,
  bankrolls: { PLAY: dollars(10_000_000), USD: micros(0) },
  at: START,
});
db.run(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
if (synchronous === 'NORMAL') db.run('PRAGMA synchronous = NORMAL');
ledger.commit(
  [
    {
      kind: 'open-account',
      accountId: 'ada',
      currency: 'PLAY',
      address: null,
      grant: dollars(100_000),
      at: START,
    },
    {
      kind: 'start-session',
      session: {
        id: 'session',
        accountId: 'ada',
        currency: 'PLAY',
        tokenHash: 'hash',
        publicKey: 'key',
        stakeMax: dollars(100),
        dailyCap: dollars(1e6),
        createdAt: START,
        expiresAt: START + 1e9,
        seenAt: START,
      },
    },
  ],
  START,
);
writeSync(1, 'acknowledged 0\n');
let bet = 0;
for (let batch = 0; batch < Number(batches); batch++) {
  const operations: Operation[] = [
    {
      kind: 'record-ticks',
      ticks: [
        {
          seq: batch + 1,
          at: START + batch,
          price: 7_600_000 as Cents,
          sources: [{ venue: 'walk', price: 7_600_000 as Cents }],
        },
      ],
    },
  ];
  for (let n = 0; n < BETS_PER_BATCH; n++) operations.push(order(++bet, START + batch));
  ledger.commit(operations, START + batch);
  writeSync(1, `acknowledged ${bet}\n`);
}
closeLedger(db);

function order(number: number, at: number): Operation {
  return {
    kind: 'place-bets',
    accountId: 'ada',
    sessionId: 'session',
    currency: 'PLAY',
    simulated: true,
    rule: 2,
    nonce: `nonce-${number}`,
    text: 'text '.repeat(40),
    signature: 'signature',
    dailyCap: dollars(1e6),
    at,
    taps: [
      {
        betId: `bet-${number}`,
        stake: dollars(1),
        shown: multiplier(200),
        shownRevision: 1,
        guardPercent: 80,
        lockAt: at + 400,
        filled: null,
        multiplierMax: multiplier(2500),
        cell: {
          startMs: START + 5_000 * (number + 2),
          windowMs: 5_000,
          low: 7_600_000 as Cents,
          high: 7_602_000 as Cents,
        },
      },
    ],
  };
}
