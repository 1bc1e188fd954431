import { Html } from '@elysiajs/html';
import { formatDollars, micros } from '../../server/game/money.ts';
import { formatPrice } from '../../server/game/price.ts';
import type { ChainedTick } from '../../server/ports/books.ts';
import type { Receipt, ReceiptEntry, ReceiptOrder } from '../../server/ports/receipt.ts';
import { signedText } from '../amount.ts';
import { Moment, Zone } from '../moment.tsx';
import { ENTRY_NAMES } from '../wallet/entry-names.ts';
import { Quotes } from './quotes.tsx';
import { Term } from './term.tsx';

/** Everything that decided the bet, folded: one card each for quotes, prices, money and order. */
export function Proof({ receipt, own }: { receipt: Receipt; own: boolean }): JSX.Element {
  const { shown, locked, ticks, ledger, order, closedTick } = receipt;
  return (
    <>
      <h2 class="part">For those who compute it themselves</h2>
      <details class="card">
        <summary>
          <h3>How the multiplier was computed</h3>
        </summary>
        <p class="quiet">
          M = floor to 0.01 of (1 − haircut) / ((1 + edge) × P + margin), but never more than the highest
          multiplier. With these inputs anyone gets the same numbers. <i>Shown</i> is what the board said when
          the cell was tapped, <i>locked</i> what the bet was fixed at a moment later.
        </p>
        <Quotes shown={shown} locked={locked} />
      </details>
      <details class="card">
        <summary>
          <h3>Ticks that decided it</h3>
          <small safe>{`${ticks.length} ticks`}</small>
        </summary>
        <Words
          words={[
            ['Tick', 'A recorded price, numbered without gaps. The one that decided the bet is marked.'],
            ['Sources', 'What each exchange said; the price is the median of them.'],
            [
              'Chain hash',
              'A fingerprint of all ticks so far: no earlier one can be changed without changing it.',
            ],
          ]}
        />
        <Ticks ticks={ticks} closedTick={closedTick} />
      </details>
      <details class="card">
        <summary>
          <h3>Ledger</h3>
          <small safe>{`${ledger.length} rows`}</small>
        </summary>
        <Words
          words={[
            ['Entry', 'A movement of money: one takes the stake, one closes the bet.'],
            ['Batch', 'The commit that wrote it; commits form a chain of fingerprints as well.'],
          ]}
        />
        <Ledger ledger={ledger} />
      </details>
      {order && <Order order={order} own={own} />}
    </>
  );
}

function Words({ words }: { words: readonly (readonly [name: string, meaning: string])[] }): JSX.Element {
  return (
    <ul class="words">
      {words.map(([name, meaning]) => (
        <li>
          <Term name={name} meaning={meaning} />
        </li>
      ))}
    </ul>
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

function Ledger({ ledger }: { ledger: readonly ReceiptEntry[] }): JSX.Element {
  return (
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
        <h3>{own ? 'Your' : 'Their'} signed order</h3>
        <small>signed by {own ? 'your' : 'their'} session key</small>
      </summary>
      <Words
        words={[
          [
            'Order',
            'The text that the browser signed: site, session, number, deadline, then one line for each tap.',
          ],
        ]}
      />
      <pre safe>{order.text}</pre>
      <dl class="facts">
        <dt>
          <Term name="Signature" meaning="Only the holder of the key can make it for this text." />
        </dt>
        <dd>
          <code safe>{order.signature}</code>
        </dd>
        <dt>
          <Term name="Public key" meaning="By which anybody can check the signature." />
        </dt>
        <dd>
          <code safe>{order.publicKey}</code>
        </dd>
      </dl>
    </details>
  );
}
