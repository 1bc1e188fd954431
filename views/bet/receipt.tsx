import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatDollars, formatMultiplier, micros } from '../../server/game/money.ts';
import { formatPrice, type Cents } from '../../server/game/price.ts';
import type { QuoteRecord } from '../../server/game/revision.ts';
import { cellId } from '../../server/game/grid.ts';
import type { ChainedTick } from '../../server/ports/books.ts';
import type { Receipt, ReceiptEntry, ReceiptOrder } from '../../server/ports/receipt.ts';
import { bandText, signedText, stakeText } from '../amount.ts';
import { Moment, Zone } from '../moment.tsx';
import { ENTRY_NAMES } from '../wallet/entry-names.ts';
import { PathPicture } from './path.tsx';
import { outcomeText } from './result.tsx';
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
        <a class="button plain small" href={`/api/v1/bets/${bet.id}/receipt`}>
          JSON
        </a>
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
          M = floor to 0.01 of (1 − haircut) / ((1 + edge) × P + margin). With these inputs anyone gets the
          same numbers.
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

const INPUTS: readonly (readonly [label: string, value: (quote: QuoteRecord) => string])[] = [
  ['Multiplier', (q) => (q.multiplier === null ? 'no bets' : `${formatMultiplier(q.multiplier)}×`)],
  ['Probability P', (q) => `${(q.probability * 100).toFixed(4)} %`],
  ['Price', (q) => formatPrice(q.spot as Cents)],
  ['Lead', (q) => `${(q.leadMs / 1000).toFixed(1)} s`],
  ['v10, bp²/s', (q) => q.v10.toPrecision(6)],
  ['vf, bp²/s', (q) => q.vf.toPrecision(6)],
  ['cw', (q) => q.cw.toPrecision(6)],
  ['Scale, bp/√s', (q) => q.scaleBp?.toPrecision(6) ?? '–'],
  ['Learned up to block', (q) => String(q.learned?.version ?? '–')],
  ['Edge', (q) => String(q.edge)],
  ['Margin', (q) => String(q.margin)],
  ['Haircut', (q) => String(q.haircut)],
  ['Model', (q) => String(q.model)],
  ['Revision', (q) => String(q.revision)],
  ['Tick', (q) => String(q.tickSeq)],
];

function Quotes({ shown, locked }: Pick<Receipt, 'shown' | 'locked'>): JSX.Element {
  const cell = (quote: QuoteRecord | null, value: (quote: QuoteRecord) => string): string =>
    quote === null ? '–' : value(quote);
  return (
    <table class="table">
      <thead>
        <tr>
          <th>
            <span class="unseen">Input</span>
          </th>
          <th class="right">Shown</th>
          <th class="right">Locked</th>
        </tr>
      </thead>
      <tbody>
        {INPUTS.map(([label, value]) => (
          <tr>
            <td safe>{label}</td>
            <td class="right" safe>
              {cell(shown, value)}
            </td>
            <td class="right" safe>
              {cell(locked, value)}
            </td>
          </tr>
        ))}
        <tr>
          <td>
            Time (<Zone />)
          </td>
          <td class="right">{shown === null ? '–' : <Moment at={shown.at} as="tenth" bare />}</td>
          <td class="right">{locked === null ? '–' : <Moment at={locked.at} as="tenth" bare />}</td>
        </tr>
      </tbody>
    </table>
  );
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
