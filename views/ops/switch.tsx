import { Html } from '@elysiajs/html';
import { termsFrom, termsUntil, type Headline } from '../../server/game/headline.ts';
import type { Maintenance } from '../../server/game/maintenance.ts';
import type { Operations } from '../../server/ports/operations.ts';
import type { BreakerState } from '../../server/ports/events.ts';
import { clockSecond, dayMinute, span } from '../clock.ts';
import { concernsOf } from './concerns.ts';

const STATES: Readonly<Record<BreakerState, string>> = {
  closed: 'Taps are taken',
  degraded: 'Taps are taken, degraded',
  open: 'Taps are paused',
};

/**
 * The breaker: a lamp, a sentence, and everything that a person should know or do, the cause before what
 * follows from it.
 */
export function StateCard({ operations }: { operations: Operations }): JSX.Element {
  const { health, halt, maintenance, calendar, at, simulated, feedLabel } = operations;
  return (
    <section class={['card', 'state', health.state]}>
      <svg class="lamp" viewBox="0 0 40 40" aria-hidden="true">
        <circle class="ring" cx="20" cy="20" r="18" />
        <circle class="light" cx="20" cy="20" r="11" />
      </svg>
      <div>
        <h1 safe>{STATES[health.state]}</h1>
        <p
          class="quiet"
          safe
        >{`${clockSecond(at)} UTC · ${feedLabel}${simulated ? ' · play money only' : ''}`}</p>
        <ul class="causes">
          {concernsOf(operations).map(({ severity, what, detail, since, chapter }) => (
            <li class={severity}>
              <b safe>{what}</b> <span safe>{detail}</span>{' '}
              <small safe>
                {since === null ? chapter : `since ${clockSecond(since)}, ${span(at - since)} · ${chapter}`}
              </small>
            </li>
          ))}
          {maintenance !== null && !maintenance.running && <Planned maintenance={maintenance} at={at} />}
          {calendar.headlines.slice(0, HEADLINES_SHOWN).map((headline) => (
            <Expected headline={headline} at={at} />
          ))}
        </ul>
        {halt !== null && health.state !== 'open' && (
          <p class="quiet">The halt takes effect with the next tick.</p>
        )}
        {health.state === 'open' && health.causes.length === 0 && (
          <p class="quiet">Everything is healthy again. Taps reopen once that has lasted for a while.</p>
        )}
      </div>
    </section>
  );
}

function Planned({ maintenance, at }: { maintenance: Maintenance; at: number }): JSX.Element {
  const { from, until, reason } = maintenance;
  return (
    <li class="degraded announced">
      <b>Maintenance announced</b>{' '}
      <span safe>{`${dayMinute(from)} to ${dayMinute(until)} UTC: ${reason}`}</span>{' '}
      <small safe>{from - at < 60_000 ? 'in less than a minute' : `in ${span(from - at)}`}</small>
    </li>
  );
}

/** Entries of the news calendar that are shown; the others are in tapgrid calendar list. */
const HEADLINES_SHOWN = 3;

function Expected({ headline, at }: { headline: Headline; at: number }): JSX.Element {
  const [from, until] = [termsFrom(headline), termsUntil(headline)];
  return (
    <li class="degraded announced">
      <b>News expected</b> <span safe>{`${headline.name}, ${dayMinute(headline.at)} UTC`}</span>{' '}
      <small safe>
        {from <= at ? `wider edge for ${span(until - at)} more` : `wider edge in ${span(from - at)}`}
      </small>
    </li>
  );
}

/**
 * The hand switch. To halt and to resume are always there: what is shown may be a few seconds old, what is
 * pressed counts. A cancel shows while something is announced.
 */
export function SwitchForm({ formId }: { formId: string }): JSX.Element {
  return (
    <form class="card hand" method="post" action="/ops/halt">
      <input type="hidden" name="id" value={formId} />
      <label class="unseen" for="reason">
        Reason
      </label>
      <input
        id="reason"
        class="entry"
        name="reason"
        placeholder="Reason, for the log"
        minlength="3"
        maxlength="300"
        required
        autocomplete="off"
      />
      <button type="submit" class="button halt">
        Halt taps
      </button>
      <button type="submit" class="button plain" formaction="/ops/resume">
        Resume
      </button>
      <button type="submit" class="button plain later" formaction="/ops/cancel-maintenance">
        Cancel announced maintenance
      </button>
    </form>
  );
}
