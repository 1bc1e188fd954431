/** A receipt as the document shows it; its hashes and signature are made up. */
const QUOTE_EXAMPLE = {
  model: 1, revision: 48_213, at: 1_781_481_600_000, tickSeq: 96_427, spot: 7_604_185, v10: 0.61, vf: 0.02, cw: 0.65, leadMs: 10_000, edge: 0.05, margin: 0.004, haircut: 0,
  capHundredths: 2500, tickMs: 100, probability: 0.401, multiplier: 235,
  tick: { seq: 96_427, at: 1_781_481_600_000, price: 7_604_185, sources: [{ venue: 'coinbase', price: 7_604_185 }], hash: null },
};

export const RECEIPT_EXAMPLE = {
  betId: '0190a5c2-7000-7000-8000-000000000001',
  cell: '1781481610000.5000.7602000.7603000',
  currency: 'PLAY',
  simulated: false,
  stake: 5_000_000,
  status: 'won',
  reason: null,
  payout: 11_900_000,
  guardPercent: 80,
  placedAt: 1_781_481_600_400,
  lockAt: 1_781_481_600_800,
  closedAt: 1_781_481_612_300,
  closedTick: 96_550,
  rule: 2,
  maxGapMs: 3000,
  shown: QUOTE_EXAMPLE,
  locked: { ...QUOTE_EXAMPLE, revision: 48_217, at: 1_781_481_600_800, tickSeq: 96_435, leadMs: 9200, multiplier: 238 },
  before: { revision: 48_216, at: 1_781_481_600_600 },
  after: null,
  ticks: [{ seq: 96_550, at: 1_781_481_612_300, price: 7_602_950, sources: [{ venue: 'coinbase', price: 7_602_950 }], hash: '3c'.repeat(32) }],
  previousTick: { seq: 96_549, hash: 'a1'.repeat(32) },
  ledger: [
    { id: 812, batch: 5100, at: 1_781_481_600_400, kind: 'stake', amount: -5_000_000, version: 2, betId: '0190a5c2-7000-7000-8000-000000000001', balanceAfter: null },
    { id: 840, batch: 5123, at: 1_781_481_612_301, kind: 'payout', amount: 11_900_000, version: 3, betId: '0190a5c2-7000-7000-8000-000000000001', balanceAfter: null },
  ],
  order: {
    text: 'tapgrid-tap-v1\nhttps://taps.example\n0190a5c2-6b1f-7d10-8a44-5d2b9e8f7a61\n7f3c1a52-9f0e-4a57-8b8e-1f2a3b4c5d6e\n1781481605000\n1781481610000.5000.7602000.7603000 5000000 235 48213\n',
    signature: 'A'.repeat(86),
    publicKey: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    index: 0,
  },
  chain: {
    bet: { batch: 5100, hash: '1b'.repeat(32), at: 1_781_481_600_401 },
    lock: { batch: 5104, hash: '2c'.repeat(32), at: 1_781_481_600_803 },
    revision: { batch: 5104, hash: '2c'.repeat(32), at: 1_781_481_600_803 },
    opening: { batch: 5119, hash: '7d'.repeat(32), at: 1_781_481_610_004 },
    tick: { batch: 5123, hash: '8e'.repeat(32), at: 1_781_481_612_302 },
    closing: { batch: 5123, hash: '8e'.repeat(32), at: 1_781_481_612_302 },
    head: { batch: 5130, hash: '9f'.repeat(32), at: 1_781_481_613_000 },
  },
};
