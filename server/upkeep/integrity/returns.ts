import type { BetRecord, TallyRecord } from '../../ports/history.ts';

type ClosedBet = Pick<BetRecord, 'currency' | 'status' | 'locked' | 'stake' | 'payout' | 'voidReason'>;
type Sum = Omit<TallyRecord, 'what'>;

/** Sums of shares depend on the order in which they were added, by far less than this. */
const SHARE_TOLERANCE = 1e-9;
const NOTHING: Sum = { bets: 0, staked: 0, paid: 0, returns: 0, returnSquares: 0 };

/** What closed bets staked and returned by locked multiplier, and refunds by reason, added up again. */
export class Returns {
  readonly #sums = new Map<string, Sum>();

  take({ currency, status, locked, stake, payout, voidReason }: ClosedBet): void {
    const share = payout / stake;
    if (status === 'void') this.add({ ...NOTHING, what: `${currency} ${voidReason}`, bets: 1 });
    else
      this.add({
        what: `${currency} at ${locked}`,
        bets: 1,
        staked: stake,
        paid: payout,
        returns: share,
        returnSquares: share * share,
      });
  }

  add({ what, bets, staked, paid, returns, returnSquares }: TallyRecord): void {
    const sum = this.#sums.get(what) ?? NOTHING;
    this.#sums.set(what, {
      bets: sum.bets + bets,
      staked: sum.staked + staked,
      paid: sum.paid + paid,
      returns: sum.returns + returns,
      returnSquares: sum.returnSquares + returnSquares,
    });
  }

  /** What is published otherwise than the bets come to. */
  faults(published: readonly TallyRecord[]): { readonly place: string; readonly detail: string }[] {
    const left = new Map(this.#sums);
    const wrong = published.flatMap((tally) => {
      const sum = left.get(tally.what) ?? NOTHING;
      left.delete(tally.what);
      return isSame(tally, sum)
        ? []
        : [
            {
              place: tally.what,
              detail: `${sumText(tally)} are published; the bets come to ${sumText(sum)}`,
            },
          ];
    });
    return [
      ...wrong,
      ...[...left].map(([what, { bets }]) => ({
        place: what,
        detail: `nothing is published for ${bets} bets`,
      })),
    ];
  }
}

const sumText = ({ bets, staked, paid, returns, returnSquares }: Sum): string =>
  `${bets} bets, ${staked} staked, ${paid} paid, returns ${returns} and their squares ${returnSquares}`;

function isSame(one: Sum, other: Sum): boolean {
  return (
    one.bets === other.bets &&
    one.staked === other.staked &&
    one.paid === other.paid &&
    isNear(one.returns, other.returns) &&
    isNear(one.returnSquares, other.returnSquares)
  );
}

const isNear = (one: number, other: number): boolean =>
  Math.abs(one - other) <= SHARE_TOLERANCE * Math.max(1, Math.abs(one), Math.abs(other));
