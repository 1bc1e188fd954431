import { Html } from '@elysiajs/html';
import type { Trust } from '../../server/game/learned/gate.ts';
import { formatMultiplier, type Multiplier } from '../../server/game/money.ts';
import { formatPrice, type Cents } from '../../server/game/price.ts';
import { usedTerms, type UsedTerms } from '../../server/game/quote-terms.ts';
import type { QuoteRecord } from '../../server/game/revision.ts';
import type { Receipt } from '../../server/ports/receipt.ts';
import { Moment, Zone } from '../moment.tsx';

type Input = readonly [label: string, value: (quote: QuoteRecord) => string];

/** Only what the model of the quote used: model 2 has put volatility into its scale. */
const inputsOf = (model: number, terms: readonly UsedTerms[]): readonly Input[] => [
  ['Multiplier', (q) => (q.multiplier === null ? 'no bets' : `${formatMultiplier(q.multiplier)}×`)],
  ['Probability P', (q) => `${(q.probability * 100).toFixed(6)} %`],
  ['Price', (q) => formatPrice(q.spot as Cents)],
  ['Lead', (q) => `${(q.leadMs / 1000).toFixed(1)} s`],
  ...(model === 2 ? LEARNED : VOLATILITY),
  ['Edge', (q) => String(usedTerms(q).edge)],
  ...ADDED.filter(([, part]) => terms.some((used) => used[part] > 0)).map(
    ([label, part]): Input => [label, (q) => String(usedTerms(q)[part])],
  ),
  ['Margin', (q) => String(usedTerms(q).margin)],
  ['Haircut', (q) => String(q.haircut)],
  ['Highest multiplier', (q) => `${formatMultiplier(q.capHundredths as Multiplier)}×`],
  ['Model', (q) => String(q.model)],
  ['Revision', (q) => String(q.revision)],
  ['Tick', (q) => String(q.tickSeq)],
];

const VOLATILITY: readonly Input[] = [
  ['v10, bp²/s', (q) => q.v10.toPrecision(6)],
  ['vf, bp²/s', (q) => q.vf.toPrecision(6)],
  ['cw', (q) => q.cw.toPrecision(6)],
];

const LEARNED: readonly Input[] = [
  ['Scale, bp/√s', (q) => q.scaleBp?.toPrecision(6) ?? '–'],
  ['Learned up to block', (q) => String(q.learned?.version ?? '–')],
  ['Range of multipliers', (q) => trustText(usedTerms(q).trust)],
];

const TRUST_TEXTS: Readonly<Record<Trust, string>> = {
  certified: 'proven',
  provisional: 'not proven',
  closed: 'closed',
};
const trustText = (trust: Trust | null): string => (trust === null ? '–' : TRUST_TEXTS[trust]);

/** Why the edge is wider than that of its range; a line of each that was. */
const ADDED = [
  ['of it for a burst', 'fast'],
  ['of it around news', 'news'],
  ['of it in the first half hour', 'cold'],
] as const;

/** The inputs of the quote that was shown and of the one that locked the bet, and what they made. */
export function Quotes({ shown, locked }: Pick<Receipt, 'shown' | 'locked'>): JSX.Element {
  const cell = (quote: QuoteRecord | null, value: (quote: QuoteRecord) => string): string =>
    quote === null ? '–' : value(quote);
  const quotes = [shown, locked].filter((quote) => quote !== null);
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
        {inputsOf(quotes[0]?.model ?? 2, quotes.map(usedTerms)).map(([label, value]) => (
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
