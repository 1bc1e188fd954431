import { Html } from '@elysiajs/html';
import { formatDollars, type Micros } from '../../server/game/money.ts';
import { Moment } from '../moment.tsx';

/** What a list says at its end of the rows that have left the disk. */
export interface ArchivedNote {
  readonly until: number;
  readonly balance: Micros;
  readonly rows: number;
  readonly state: ArchivedState;
}

export type ArchivedState = 'here' | 'archived' | 'waiting' | 'fetching' | 'failed';

const SENTENCES: Readonly<Record<ArchivedState, string>> = {
  here: '',
  archived: '',
  waiting: 'Waiting to be fetched. Reload this page in a moment.',
  fetching: 'Being fetched. Reload this page in a moment.',
  failed:
    'The archive cannot be read at the moment. The operator has been notified; try again in a few minutes.',
};

/** Where a statement or a list of bets ends because the rest is archived. */
export function Archived({ note: { until, balance, rows, state } }: { note: ArchivedNote }): JSX.Element {
  return (
    <section class="card empty" id="archived">
      <h2>Older rows are in the archive</h2>
      <p>
        Your statement has <span safe>{rows.toLocaleString('en-US')}</span> archived{' '}
        {rows === 1 ? 'row' : 'rows'} up to <Moment at={until} as="full" />. Your balance was{' '}
        <b safe>{formatDollars(balance)}</b> then.
      </p>
      <Fetch state={state} betId={null} text="Fetch older rows" />
    </section>
  );
}

interface ArchivedProps {
  readonly betId: string;
  readonly state: ArchivedState;
  readonly signedIn: boolean;
}

/** In place of a receipt whose bet, if there was one, is archived. */
export function ArchivedReceipt({ betId, state, signedIn }: ArchivedProps): JSX.Element {
  return (
    <main id="main" class="page narrow">
      <section class="card empty">
        <h1>In the archive</h1>
        <ArchivedBet betId={betId} state={state} signedIn={signedIn} />
      </section>
    </main>
  );
}

/** That a bet is archived, and how its owner gets it back. */
export function ArchivedBet({ betId, state, signedIn }: ArchivedProps): JSX.Element {
  return (
    <>
      <p>
        Bets from that time have moved to the archive, where they are kept for ever. If there was a bet with
        this number, its receipt can be fetched.
      </p>
      {signedIn ? (
        <Fetch state={state} betId={betId} text="Fetch the receipt" />
      ) : (
        <p>
          <a class="button" href="/signin">
            Sign in as the owner
          </a>
        </p>
      )}
    </>
  );
}

/** A plain form: it works without JavaScript and returns to the same page. */
function Fetch({
  state,
  betId,
  text,
}: {
  state: ArchivedState;
  betId: string | null;
  text: string;
}): JSX.Element {
  if (state !== 'archived')
    return (
      <p role="status" safe>
        {SENTENCES[state]}
      </p>
    );
  return (
    <form method="post" action="/archive">
      {betId === null ? '' : <input type="hidden" name="bet" value={betId} />}
      <button class="button plain" type="submit" safe>
        {text}
      </button>
    </form>
  );
}

/** Why nothing is fetched. */
export function NotFetched({ text, back }: { text: string; back: string }): JSX.Element {
  return (
    <main id="main" class="page narrow">
      <section class="card empty">
        <h1>Nothing is being fetched</h1>
        <p safe>{text}</p>
        <a class="button" href={back}>
          Back
        </a>
      </section>
    </main>
  );
}
