import { Html } from '@elysiajs/html';
import { FairnessPage } from '../../../views/page/fairness.tsx';
import { RulesPage } from '../../../views/page/rules.tsx';
import { allCellsOf } from '../all-cells.ts';
import { promisedBy } from '../promised.ts';
import type { PagesDeps } from './deps.ts';
import { page, type Caller } from './visit.tsx';

/** Edges of the multiplier buckets, hundredths. */
export const BUCKET_EDGES = [105, 150, 200, 300, 500, 800, 1200, 1800, 2501] as const;

export function fairnessPage({ house, books }: PagesDeps, caller: Caller): Response {
  const currency = caller.url.searchParams.get('currency') === 'USD' ? 'USD' : 'PLAY';
  return page(caller, {
    title: 'Fairness',
    sheet: 'bars',
    section: 'fairness',
    children: (
      <FairnessPage
        currency={currency}
        buckets={books.returnsByBucket(currency, BUCKET_EDGES)}
        promised={promisedBy((house.board()?.revision ?? books.lastRevision())?.inputs)}
        cells={allCellsOf(books, house.simulated)}
        headStarts={house.headStarts()}
        voids={books.voidsByReason(currency)}
        counters={house.counters()}
      />
    ),
  });
}

export function rulesPage({ rules, house, books }: PagesDeps, caller: Caller): Response {
  const { headlines } = house.calendar();
  return page(caller, {
    title: 'How it works',
    section: 'rules',
    children: <RulesPage {...rules} cells={allCellsOf(books, house.simulated)} headlines={headlines} />,
  });
}
