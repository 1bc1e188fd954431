import type { BetRecord, TallyRecord } from '../../ports/history.ts';
import type { Findings } from './findings.ts';

interface Sum {
  bets: number;
  staked: number;
  paid: number;
}

const NOTHING: Sum = { bets: 0, staked: 0, paid: 0 };

/** What closed bets staked and returned by locked multiplier, and refunds by reason, added up again. */
export class Returns {
  readonly #sums = new Map<string, Sum>();

  take({ currency, status, locked, stake, payout, voidReason }: BetRecord): void {
    const what = status === 'void' ? `${currency} ${voidReason}` : `${currency} at ${locked}`;
    const sum = this.#sums.get(what) ?? { ...NOTHING };
    sum.bets += 1;
    if (status !== 'void') {
      sum.staked += stake;
      sum.paid += payout;
    }
    this.#sums.set(what, sum);
  }

  compare(published: readonly TallyRecord[], findings: Findings): void {
    const left = new Map(this.#sums);
    for (const { what, bets, staked, paid } of published) {
      const sum = left.get(what) ?? NOTHING;
      left.delete(what);
      if (sum.bets !== bets || sum.staked !== staked || sum.paid !== paid) findings.add('returns', what, `${bets} bets, ${staked} staked, ${paid} paid are published; the bets come to ${sum.bets}, ${sum.staked}, ${sum.paid}`);
    }
    for (const [what, { bets }] of left) findings.add('returns', what, `nothing is published for ${bets} bets`);
  }
}
