import { Html } from '@elysiajs/html';
import type { Currency } from '../../server/game/money.ts';
import type { BucketReturn } from '../../server/ports/books.ts';
import type { Operations } from '../../server/ports/operations.ts';
import type { OperatorAction, WaitingOrder, Who } from '../../server/ports/operator.ts';
import { AllCells, type AllCellsProps } from '../page/all-cells.tsx';
import { BucketBars, type FairnessProps } from '../page/fairness.tsx';
import { HeadStarts } from '../page/head-starts.tsx';
import { dayTime } from '../clock.ts';
import { DiskCard } from './disk.tsx';
import { ExposureCard } from './exposure.tsx';
import { InstallationCard } from './installation.tsx';
import { JobsCard } from './jobs.tsx';
import { LatencyCard } from './latency.tsx';
import { ActionList } from './log.tsx';
import { MarksCard } from './marks.tsx';
import { MoneyCard } from './money.tsx';
import { StateCard, SwitchForm } from './switch.tsx';
import { VenuesCard } from './venues.tsx';
import { WaitingCard } from './waiting.tsx';

const HOUR_MS = 3_600_000;

export interface OpsPanelsProps {
  readonly operations: Operations;
  readonly buckets: readonly { readonly currency: Currency; readonly buckets: readonly BucketReturn[] }[];
  readonly promised: FairnessProps['promised'];
  readonly cells: AllCellsProps;
  readonly actions: readonly OperatorAction[];
  readonly waiting: readonly WaitingOrder[];
  /** The operator who views it. */
  readonly who: Who;
}

export interface OpsPageProps extends OpsPanelsProps {
  /** What the last form was answered with. */
  readonly said: string | null;
  readonly formId: string;
}

/**
 * The state and the panels refresh every few seconds; the switch stays, so that a half-written reason is not
 * lost.
 */
export function OpsPage({ said, formId, ...panels }: OpsPageProps): JSX.Element {
  return (
    <main id="main" class="page">
      {said !== null && (
        <p class="warning" role="alert" safe>
          {said}
        </p>
      )}
      {!panels.who.proven && (
        <p class="warning">
          You signed in with the shared token, so your actions carry no name. You can halt and resume. For
          amounts that need two people, each needs their own token: <code>tapgrid operators add</code>.
        </p>
      )}
      <p id="stale" class="warning" role="alert" hidden></p>
      <div class="helm">
        <div id="state" hx-get="/ops/state" hx-trigger="every 2s" hx-swap="innerMorph">
          <StateCard operations={panels.operations} />
        </div>
        <SwitchForm formId={formId} />
      </div>
      <div id="panels" class="panels" hx-get="/ops/panels" hx-trigger="every 5s" hx-swap="innerMorph">
        <OpsPanels {...panels} />
      </div>
    </main>
  );
}

export function OpsPanels({
  operations,
  buckets,
  promised,
  cells,
  actions,
  waiting,
  who,
}: OpsPanelsProps): JSX.Element {
  const { at, price, exposure } = operations;
  const counted = countedSince(operations.installation.startedAt, at);
  // Real money comes first.
  const played = buckets.filter(({ buckets: all }) => all.some(({ bets }) => bets > 0)).toReversed();
  const risked = (['USD', 'PLAY'] as const).filter(
    (currency) => currency === 'PLAY' || exposure.USD.cells.length > 0,
  );
  return (
    <>
      {waiting.length > 0 && <WaitingCard waiting={waiting} who={who} at={at} />}
      <MoneyCard operations={operations} />
      {risked.flatMap((currency) =>
        riskedBoards(operations, currency).map((windowMs) => (
          <ExposureCard
            currency={currency}
            windowMs={windowMs}
            isOnly={operations.columns.every((column) => column.windowMs === operations.windowMs)}
            exposure={exposure[currency]}
            columns={operations.columns}
            price={price}
            at={at}
          />
        )),
      )}
      {(played.length > 0 ? played : buckets.slice(0, 1)).map(({ currency, buckets: all }) => (
        <section class="card">
          <h2 safe>{`Return to traders · ${currency === 'PLAY' ? 'play money' : 'real money'}`}</h2>
          {all.every(({ bets }) => bets === 0) ? (
            <p class="quiet">No closed bets yet. The bars appear with the first results.</p>
          ) : (
            <BucketBars buckets={all} promised={promised} />
          )}
        </section>
      ))}
      <AllCells {...cells} />
      <MarksCard marks={operations.marks} />
      <VenuesCard operations={operations} />
      <HeadStarts figures={operations.headStarts} />
      <LatencyCard
        title="Tap to acknowledgement"
        what="orders"
        empty={`No taps ${counted}`}
        points={operations.latency}
      />
      <LatencyCard
        title="Commits"
        what="commits"
        empty={`No commits ${counted}`}
        points={operations.commits}
      />
      <InstallationCard installation={operations.installation} at={at} />
      <JobsCard jobs={operations.jobs} at={at} />
      <DiskCard disk={operations.disk} at={at} />
      <section class="card">
        <h2>Operator log</h2>
        <ActionList actions={actions} at={at} />
      </section>
    </>
  );
}

/** What the latency cards cover: how long something took is in no books, so a restart begins anew. */
const countedSince = (startedAt: number, at: number): string =>
  at - startedAt < HOUR_MS ? `since the start at ${dayTime(startedAt)} UTC` : 'in the last hour';

/** The default board, and of the others those with open bets. */
function riskedBoards({ windowMs, exposure }: Operations, currency: Currency): readonly number[] {
  const others = new Set(exposure[currency].cells.map((cell) => cell.windowMs));
  others.delete(windowMs);
  return [windowMs, ...[...others].sort((a, b) => a - b)];
}
