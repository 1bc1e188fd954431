import { Html } from '@elysiajs/html';
import type { Trust } from '../../server/game/learned/gate.ts';
import { formatMultiplier, type Multiplier } from '../../server/game/money.ts';
import { formatPrice, type Cents } from '../../server/game/price.ts';
import { usedTerms, type UsedTerms } from '../../server/game/quote-terms.ts';
import type { QuoteRecord } from '../../server/game/revision.ts';
import type { Receipt } from '../../server/ports/receipt.ts';
import { Moment, Zone } from '../moment.tsx';
import { Term } from './term.tsx';

type Input = readonly [label: string, meaning: string, value: (quote: QuoteRecord) => string];

/** Only what the model of the quote used: model 2 has put volatility into its scale. */
const inputsOf = (model: number, terms: readonly UsedTerms[]): readonly Input[] => [
  [
    'Multiplier',
    'The payout for one dollar, the stake included.',
    (q) => (q.multiplier === null ? 'no bets' : `${formatMultiplier(q.multiplier)}×`),
  ],
  [
    'Probability P',
    'How likely the model took it that the price touches the band in the window.',
    (q) => `${(q.probability * 100).toFixed(6)} %`,
  ],
  ['Price', 'Of BTC when the quote was made.', (q) => formatPrice(q.spot as Cents)],
  ['Lead', 'From the quote to the opening of the window.', (q) => `${(q.leadMs / 1000).toFixed(1)} s`],
  ...(model === 2 ? LEARNED : VOLATILITY),
  ['Edge', 'What the house adds to P for itself, as a share of it.', (q) => String(usedTerms(q).edge)],
  ...ADDED.filter(([, part]) => terms.some((used) => used[part] > 0)).map(
    ([label, part, meaning]): Input => [label, meaning, (q) => String(usedTerms(q)[part])],
  ),
  ['Margin', 'What it adds besides, the same for every cell.', (q) => String(usedTerms(q).margin)],
  ['Haircut', 'Deducted where much is already bet on the same cells, as a share.', (q) => String(q.haircut)],
  [
    'Highest multiplier',
    'None above it was offered.',
    (q) => `${formatMultiplier(q.capHundredths as Multiplier)}×`,
  ],
  ['Model', 'Version of the odds formula.', (q) => String(q.model)],
  [
    'Revision',
    'Number of the quote: all cells are quoted anew several times a second.',
    (q) => String(q.revision),
  ],
  ['Tick', 'Number of the recorded price that it is based on.', (q) => String(q.tickSeq)],
];

const VOLATILITY: readonly Input[] = [
  ['v10, bp²/s', 'How much the price varied lately; a basis point is 0.01 %.', (q) => q.v10.toPrecision(6)],
  ['vf, bp²/s', 'What the last seconds add to that.', (q) => q.vf.toPrecision(6)],
  ['cw', 'Share of it that counts inside a window.', (q) => q.cw.toPrecision(6)],
];

const LEARNED: readonly Input[] = [
  [
    'Scale, bp/√s',
    'How far the price usually moves in a second; a basis point is 0.01 %.',
    (q) => q.scaleBp?.toPrecision(6) ?? '–',
  ],
  [
    'Learned up to block',
    'The last five minutes of results that had corrected the model.',
    (q) => String(q.learned?.version ?? '–'),
  ],
  [
    'Range of multipliers',
    'Whether results have proven the odds of such multipliers.',
    (q) => trustText(usedTerms(q).trust),
  ],
];

const TRUST_TEXTS: Readonly<Record<Trust, string>> = {
  certified: 'proven',
  provisional: 'not proven',
  closed: 'closed',
};
const trustText = (trust: Trust | null): string => (trust === null ? '–' : TRUST_TEXTS[trust]);

/** Why the edge is wider than that of its range; a line of each that was. */
const ADDED = [
  ['of it for a burst', 'fast', 'The price was moving fast.'],
  ['of it around news', 'news', 'News was expected.'],
  ['of it in the first half hour', 'cold', 'The house had just started.'],
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
        {inputsOf(quotes[0]?.model ?? 2, quotes.map(usedTerms)).map(([label, meaning, value]) => (
          <tr>
            <td>
              <Term name={label} meaning={meaning} />
            </td>
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
