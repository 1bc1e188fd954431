import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatDollars, formatMultiplier, micros } from '../../server/game/money.ts';
import { formatPrice } from '../../server/game/price.ts';
import { cellId } from '../../server/game/grid.ts';
import type { ChainedTick } from '../../server/ports/books.ts';
import type { Receipt, ReceiptEntry, ReceiptOrder } from '../../server/ports/receipt.ts';
import { bandText, signedText, stakeText } from '../amount.ts';
import { Moment, Zone } from '../moment.tsx';
import { ENTRY_NAMES } from '../wallet/entry-names.ts';
import { PathPicture } from './path.tsx';
import { Quotes } from './quotes.tsx';
import { outcomeText } from './result.tsx';
import { ShareLink } from './win.tsx';
import { ReasonSentence } from './reason.tsx';

export interface ReceiptProps {
  readonly bet: Bet;
  readonly receipt: Receipt;
  /** Whether it is read by the trader whose bet it is. */
  readonly own: boolean;
}

export function ReceiptPage({ bet, receipt, own }: ReceiptProps): JSX.Element {
  const { shown, locked, ticks, ledger, order, maxGapMs } = receipt;
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
        <p>
          <ReasonSentence bet={bet} ticks={ticks} own={own} />
        </p>
        {ticks.length > 0 && <PathPicture bet={bet} ticks={ticks} maxGapMs={maxGapMs} />}
        <dl class="facts across">
          <div>
            <dt>Band</dt>
            <dd safe>{bandText(bet.cell)}</dd>
          </div>
          <div>
            <dt>Window</dt>
            <dd>
              <Moment at={bet.cell.startMs} as="full" />
            </dd>
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
              <Moment at={bet.placedAt} as="tenth" />
            </dd>
          </div>
        </dl>
      </section>
      <section class="card">
        <h2>How the multiplier was computed</h2>
        <p class="quiet">
          M = floor to 0.01 of (1 − haircut) / ((1 + edge) × P + margin), but never more than the highest
          multiplier. With these inputs anyone gets the same numbers.
        </p>
        <Quotes shown={shown} locked={locked} />
      </section>
      <details class="card">
        <summary>
          <h2>Ticks that decided it</h2>
          <small safe>{`${ticks.length} ticks`}</small>
        </summary>
        <Ticks ticks={ticks} closedTick={bet.closedTick} />
      </details>
      <section class="card flush">
        <h2>Ledger</h2>
        <table class="table">
          <thead>
            <tr>
              <th>Entry</th>
              <th class="right">Amount</th>
              <th class="right">Balance after</th>
              <th class="right wide">Batch</th>
            </tr>
          </thead>
          <tbody>
            {ledger.map((row) => (
              <Posting row={row} />
            ))}
          </tbody>
        </table>
      </section>
      {order && <Order order={order} own={own} />}
      <p class="quiet">
        Bet <code safe>{bet.id}</code>, cell <code safe>{cellId(bet.cell)}</code>
        {bet.simulated && <>, on simulated or recorded prices</>}.
      </p>
    </main>
  );
}

function multiplierText(bet: Bet): string {
  const shown = `${formatMultiplier(bet.shown)}×`;
  return bet.locked === null ? `${shown} shown` : `${formatMultiplier(bet.locked)}× (shown ${shown})`;
}

function Ticks({
  ticks,
  closedTick,
}: {
  ticks: readonly ChainedTick[];
  closedTick: number | null;
}): JSX.Element {
  return (
    <table class="table">
      <thead>
        <tr>
          <th>Tick</th>
          <th>
            Time (<Zone />)
          </th>
          <th class="right">Price</th>
          <th class="wide">Sources</th>
          <th class="wide">Chain hash</th>
        </tr>
      </thead>
      <tbody>
        {ticks.map((tick) => (
          <tr class={[tick.seq === closedTick && 'decisive']}>
            <td safe>{String(tick.seq)}</td>
            <td>
              <Moment at={tick.at} as="tenth" bare />
            </td>
            <td class="right" safe>
              {formatPrice(tick.price)}
            </td>
            <td class="wide" safe>
              {tick.sources.map((source) => `${source.venue} ${formatPrice(source.price)}`).join(', ')}
            </td>
            <td class="wide">
              <code safe>{tick.hash === null ? '' : `${tick.hash.slice(0, 16)}…`}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Posting({ row }: { row: ReceiptEntry }): JSX.Element {
  return (
    <tr>
      <td>
        <span safe>{ENTRY_NAMES[row.kind]}</span>
        <small>
          <Moment at={row.at} as="tenth" />
        </small>
      </td>
      <td class="right" safe>
        {row.amount === micros(0) ? '–' : signedText(row.amount)}
      </td>
      <td class="right" safe>
        {row.balanceAfter === null ? '–' : formatDollars(row.balanceAfter)}
      </td>
      <td class="right wide" safe>
        {String(row.batch)}
      </td>
    </tr>
  );
}

function Order({ order, own }: { order: ReceiptOrder; own: boolean }): JSX.Element {
  return (
    <details class="card">
      <summary>
        <h2>{own ? 'Your' : 'Their'} signed order</h2>
        <small>signed by {own ? 'your' : 'their'} session key</small>
      </summary>
      <pre safe>{order.text}</pre>
      <dl class="facts">
        <dt>Signature</dt>
        <dd>
          <code safe>{order.signature}</code>
        </dd>
        <dt>Public key</dt>
        <dd>
          <code safe>{order.publicKey}</code>
        </dd>
      </dl>
    </details>
  );
}
