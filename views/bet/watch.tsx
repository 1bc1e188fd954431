import { Html } from '@elysiajs/html';
import { isOpen, type Bet } from '../../server/game/bet.ts';
import { formatDollars, payoutOf } from '../../server/game/money.ts';
import type { Receipt } from '../../server/ports/receipt.ts';
import { stakeText } from '../amount.ts';
import { Player } from './player.tsx';
import { outcomeText } from './result.tsx';
import { Summary } from './summary.tsx';

/** A closed bet in a sheet: a path that plays, and what it came to, which waits for the end of the path. */
export function Watch({ bet, receipt, own }: { bet: Bet; receipt: Receipt; own: boolean }): JSX.Element {
  const { ticks, maxGapMs } = receipt;
  return (
    <div class={['verdict', bet.status]}>
      <div class="curtain">
        <p class="figure ending" safe>
          {outcomeText(bet)}
        </p>
        <p class="figure stake" aria-hidden="true" safe>
          {`${stakeText(bet.stake)} → ${formatDollars(payoutOf(bet.stake, bet.locked ?? bet.shown))}`}
        </p>
      </div>
      {isOpen(bet) ? (
        <p class="quiet">The bet is still open. Its path can be watched when it is decided.</p>
      ) : (
        <Player bet={bet} ticks={ticks} maxGapMs={maxGapMs} own={own} />
      )}
      <p class="sentence">
        <Summary bet={bet} ticks={ticks} own={own} />
      </p>
      <p>
        <a class="button plain small" href={`/bets/${bet.id}`}>
          Receipt
        </a>
      </p>
    </div>
  );
}

export const NoBet = (): JSX.Element => <p>There is no bet with this number.</p>;
