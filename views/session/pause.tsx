import { Html } from '@elysiajs/html';
import type { Currency } from '../../server/game/money.ts';
import { FOR_GOOD, type PauseLength } from '../../server/game/own-limits.ts';
import { Moment } from '../moment.tsx';
import { PausedUntil, PAUSE_NAMES } from './own-limits.tsx';

/** What has to be typed before an account is paused for good. */
export const FOR_GOOD_WORDS = 'for good';

export interface PauseProps {
  readonly length: PauseLength;
  /** When it would end if it began now. */
  readonly until: number;
  /** The pause that runs already. */
  readonly pausedUntil: number | null;
  readonly currency: Currency;
  readonly error?: string;
}

/** The step between choosing a pause and beginning it: what it means, in plain words. */
export function PausePage({ length, until, pausedUntil, currency, error }: PauseProps): JSX.Element {
  const name = PAUSE_NAMES[length].toLowerCase();
  const isRefused = pausedUntil !== null && until < pausedUntil;
  return (
    <main id="main" class="page narrow">
      <section class="card roomy settings">
        <h1 safe>{length === 'for-good' ? 'Pause for good?' : `Pause for ${name}?`}</h1>
        {pausedUntil !== null && (
          <p class="warning">
            <PausedUntil until={pausedUntil} />
          </p>
        )}
        {isRefused ? (
          <p>A pause cannot be shortened, and this one would end before your current one.</p>
        ) : (
          <>
            <p>
              {length === 'for-good' ? (
                <>
                  From the moment you confirm, <b>this account never takes a bet again</b>.
                </>
              ) : (
                <>
                  From the moment you confirm until about{' '}
                  <b>
                    <Moment at={until} as="minute" />
                  </b>
                  , this account takes no bets.
                </>
              )}
            </p>
            <ul class="points">
              <li>
                Nobody can end or shorten it: not you, not from another device, key or sign-in, and not us.
              </li>
              <li>Open bets continue, and winnings are paid.</li>
              <li safe>
                {currency === 'USD'
                  ? 'Your money stays yours: you keep your balance, and you can ask for a payout as before.'
                  : 'You keep your play money.'}
              </li>
              <li>You can still sign in, look at your history and set tighter limits.</li>
            </ul>
            <form action="/account/pause" method="post">
              <input type="hidden" name="length" value={length} />
              {length === 'for-good' && (
                <label class="field">
                  <span>
                    <span>
                      To confirm, type: <b safe>{FOR_GOOD_WORDS}</b>
                    </span>
                  </span>
                  <input
                    type="text"
                    name="confirm"
                    autocomplete="off"
                    autocapitalize="none"
                    required={true}
                  />
                </label>
              )}
              {error !== undefined && (
                <p class="warning" role="alert" safe>
                  {error}
                </p>
              )}
              <div class="pair">
                <a class="button plain" href="/account">
                  Not now
                </a>
                <button type="submit" class="button" safe>
                  {until === FOR_GOOD ? 'Pause for good' : `Pause for ${name}`}
                </button>
              </div>
            </form>
          </>
        )}
        {isRefused && (
          <a class="button plain" href="/account">
            Back to your account
          </a>
        )}
      </section>
    </main>
  );
}
