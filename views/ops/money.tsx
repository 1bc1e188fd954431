import { Html } from '@elysiajs/html';
import { CURRENCIES, formatDollars, type Micros } from '../../server/game/money.ts';
import type { Exposure, HouseMoney, Operations } from '../../server/ports/operations.ts';
import { signedText } from '../amount.ts';

/** What the house has, made, and may lose; a currency in which it has nothing is left out. */
export function MoneyCard({ operations: { money, exposure, sockets, queued, walBytes, memoryBytes } }: { operations: Operations }): JSX.Element {
  const used = CURRENCIES.filter((currency) => currency === 'PLAY' || money[currency].bankroll !== 0);
  return (
    <section class="card">
      <h2>House</h2>
      <table class="table figures">
        <thead>
          <tr>
            <th></th>
            {used.map((currency) => <th class="right" safe>{currency === 'PLAY' ? 'Play money' : 'Real money'}</th>)}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([name, textOf]) => (
            <tr>
              <th scope="row" safe>{name}</th>
              {used.map((currency) => <td class="right money" safe>{textOf(money[currency], exposure[currency])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet chips">
        <span safe>{`${sockets} ${sockets === 1 ? 'socket' : 'sockets'}`}</span>
        <span safe>{`${queued} taps waiting`}</span>
        <span safe>{`${megabytes(walBytes)} write-ahead log`}</span>
        <span safe>{`${megabytes(memoryBytes)} memory`}</span>
      </p>
    </section>
  );
}

const sum = ({ cells }: Exposure, of: 'stake' | 'risk' | 'bets'): number => cells.reduce((total, cell) => total + cell[of], 0);

const ROWS: readonly (readonly [name: string, textOf: (money: HouseMoney, exposure: Exposure) => string])[] = [
  ['Bankroll', ({ bankroll }) => formatDollars(bankroll as Micros)],
  ['Profit today', ({ today }) => signedText(today as Micros)],
  ['Profit in 7 days', ({ week }) => signedText(week as Micros)],
  ['Open stakes', (_, exposure) => `${formatDollars(sum(exposure, 'stake') as Micros)} in ${sum(exposure, 'bets')}`],
  ['Worst case', (_, exposure) => `${formatDollars(sum(exposure, 'risk') as Micros)} of ${formatDollars(exposure.caps.total as Micros)}`],
];

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
