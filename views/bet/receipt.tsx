import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { cellId } from '../../server/game/grid.ts';
import { formatDollars, formatMultiplier } from '../../server/game/money.ts';
import type { Receipt } from '../../server/ports/receipt.ts';
import { bandText, stakeText } from '../amount.ts';
import { Moment, Zone } from '../moment.tsx';
import { CheckHere } from './check.tsx';
import { HouseEdgeSentence } from './house-edge.tsx';
import { Player } from './player.tsx';
import { Proof } from './proof.tsx';
import { outcomeText } from './result.tsx';
import { Summary } from './summary.tsx';
import { ShareLink } from './win.tsx';

export interface ReceiptProps {
  readonly bet: Bet;
  readonly receipt: Receipt;
  /** Whether it is read by the trader whose bet it is. */
  readonly own: boolean;
  /** The address of the house. */
  readonly origin: string;
}

/** For people first: what happened, in a sentence and a picture; then what checks it, then all numbers. */
export function ReceiptPage({ bet, receipt, own, origin }: ReceiptProps): JSX.Element {
  const { locked, ticks, maxGapMs } = receipt;
  return (
    <main id="main" class="page receipt">
      <header class="title">
        <h1>Receipt</h1>
        <span class="acts">
          {own && bet.status === 'won' && <ShareLink bet={bet} big />}
          <a class="button plain small" href={`/api/v1/bets/${bet.id}/receipt`}>
            JSON
          </a>
        </span>
      </header>
      <section class={['card verdict', bet.status]}>
        <p class="figure" safe>
          {outcomeText(bet)}
        </p>
        <p class="sentence">
          <Summary bet={bet} ticks={ticks} own={own} />
        </p>
        <p class="quiet">
          <Moment at={bet.cell.startMs} as="full" bare />, times in <Zone />
          {bet.simulated && <>, on simulated or recorded prices</>}
        </p>
        {ticks.length > 0 && <Player bet={bet} ticks={ticks} maxGapMs={maxGapMs} own={own} />}
        <HouseEdgeSentence bet={bet} locked={locked} />
        <Facts bet={bet} />
      </section>
      <CheckHere receipt={receipt} origin={origin} />
      <Proof receipt={receipt} own={own} />
      <p class="quiet">
        Bet <code safe>{bet.id}</code>, cell <code safe>{cellId(bet.cell)}</code>: the time at which its
        window opens, how long it is, and the two prices in cents.
      </p>
    </main>
  );
}

function Facts({ bet }: { bet: Bet }): JSX.Element {
  return (
    <dl class="facts across">
      <div>
        <dt>Band</dt>
        <dd safe>{bandText(bet.cell)}</dd>
      </div>
      <div>
        <dt>Window</dt>
        <dd safe>{`${bet.cell.windowMs / 1000} s`}</dd>
      </div>
      <div>
        <dt>Stake</dt>
        <dd safe>{stakeText(bet.stake)}</dd>
      </div>
      <div>
        <dt>Multiplier</dt>
        <dd safe>{multiplierText(bet)}</dd>
      </div>
      <div>
        <dt>Payout</dt>
        <dd safe>{formatDollars(bet.payout)}</dd>
      </div>
      <div>
        <dt>Placed</dt>
        <dd>
          <Moment at={bet.placedAt} as="tenth" bare />
        </dd>
      </div>
    </dl>
  );
}

function multiplierText(bet: Bet): string {
  const shown = `${formatMultiplier(bet.shown)}×`;
  return bet.locked === null ? `${shown} shown` : `${formatMultiplier(bet.locked)}× (shown ${shown})`;
}
