import { expect, test } from 'bun:test';
import { DEFAULT_TERMS, type PublishedTerms } from '../../game/terms.ts';
import type { BetRecord } from '../../ports/history.ts';
import type { BatchRow } from '../../store/rows/batch.ts';
import { ChainOrder } from './chain-order.ts';
import { Findings } from './findings.ts';
import type { Oracle } from './oracle.ts';

const NOON = 1_800_000_000_000;
const TERMS: readonly PublishedTerms[] = [{ batch: 5, at: NOON - 60_000, terms: DEFAULT_TERMS }];
const batch = (seq: number, at: number): BatchRow => ({
  seq,
  at,
  previousHash: '',
  hash: '',
  tickHash: '',
});

/** A bet placed at noon on a window a quarter of a minute later, by revision 40 of a second before. */
const bet = (over: Partial<BetRecord> = {}): BetRecord =>
  ({
    id: 'b',
    rule: 2,
    startMs: NOON + 15_000,
    placedAt: NOON,
    shownRevision: 40,
    lockedRevision: 42,
    closedTick: 99,
    text: `tapgrid-tap-v1\nhttps://taps.example\ns\nn\n${NOON + 5000}\n`,
    ...over,
  }) as BetRecord;

/** As far as the walk has come: a tick of noon, number 99, and 42 revisions. */
const oracleAt = (at = NOON, seq = 99, newestRevision = 42): Oracle =>
  ({ last: { seq, at }, newestRevision, revision: () => ({ at: NOON - 1000 }) }) as unknown as Oracle;

const CASES: readonly (readonly [
  what: string,
  found: RegExp | null,
  work: (order: (oracle?: Oracle, terms?: readonly PublishedTerms[]) => ChainOrder) => void,
])[] = [
  ['a bet in order', null, (order) => order().placed(bet(), batch(9, NOON + 3))],
  [
    'one that stands behind a tick of its window',
    /bet b stands behind tick 99/,
    (order) => order(oracleAt(NOON + 15_000)).placed(bet(), batch(9, NOON + 1000)),
  ],
  [
    'and was called one of rule 1',
    /bet b stands behind tick 99/,
    (order) => order(oracleAt(NOON + 20_000), []).placed(bet({ rule: 1 }), batch(9, NOON + 20_000)),
  ],
  ['a bet 2 s before its commit', null, (order) => order().placed(bet(), batch(9, NOON + 2000))],
  [
    'and longer',
    /was placed as of \d+, its batch is of/,
    (order) => order().placed(bet(), batch(9, NOON + 2001)),
  ],
  [
    'a bet from after its commit',
    /was placed as of \d+, its batch is of/,
    (order) => order().placed(bet(), batch(9, NOON - 2001)),
  ],
  [
    'one of rule 1, from before any terms, that waited',
    null,
    (order) => order(oracleAt(), []).placed(bet({ rule: 1 }), batch(9, NOON + 4000)),
  ],
  [
    'one of rule 1 under terms of rule 2',
    /was taken under rule 1, the terms have rule 2/,
    (order) => order().placed(bet({ rule: 1 }), batch(9, NOON)),
  ],
  ['one of rule 1 from before the terms', null, (order) => order().placed(bet({ rule: 1 }), batch(4, NOON))],
  [
    'a deadline that had passed',
    /its deadline was/,
    (order) => order().placed(bet({ text: `tapgrid-tap-v1\no\ns\nn\n${NOON - 1}\n` }), batch(9, NOON)),
  ],
  [
    'an old quote',
    /by a quote of/,
    (order) => order().placed(bet({ placedAt: NOON + 1001 }), batch(9, NOON + 1001)),
  ],
  ['a lock behind its revision', null, (order) => order().locked(bet())],
  [
    'a lock before it',
    /was locked before revision 42 was there/,
    (order) => order(oracleAt(NOON, 99, 41)).locked(bet()),
  ],
  ['a closing behind its tick', null, (order) => order().closed(bet())],
  [
    'a closing before it',
    /was closed before tick 99 was there/,
    (order) => order(oracleAt(NOON, 98)).closed(bet()),
  ],
  [
    'a stake that came back before its revision',
    /was closed before revision 42 was there/,
    (order) => order(oracleAt(NOON, 99, 41)).closed(bet({ closedTick: null })),
  ],
  ['times that go on', null, (order) => order().commit(batch(9, NOON), batch(8, NOON))],
  ['a time that falls', /batch 9 is of/, (order) => order().commit(batch(9, NOON - 1), batch(8, NOON))],
  [
    'one that fell before there were terms',
    null,
    (order) => order().commit(batch(5, NOON - 1), batch(4, NOON)),
  ],
];

test.each(CASES)('%s', (_, found, work) => {
  const findings = new Findings();
  work((oracle = oracleAt(), terms = TERMS) => new ChainOrder(oracle, findings, terms));
  const heard = findings.kept.map(({ check, place, detail }) => `${check} ${place} ${detail}`);
  expect(heard).toHaveLength(found === null ? 0 : 1);
  if (found !== null) expect(heard[0]).toMatch(new RegExp(`^chain_order .*${found.source}`));
});
