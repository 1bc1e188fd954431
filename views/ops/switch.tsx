import { Html } from '@elysiajs/html';
import type { Operations } from '../../server/ports/operations.ts';
import type { BreakerState, HealthCause } from '../../server/ports/events.ts';
import { clockSecond, span } from '../clock.ts';

const STATES: Readonly<Record<BreakerState, string>> = {
  closed: 'Taps are taken',
  degraded: 'Taps are taken, with care',
  open: 'Taps are paused',
};

/** What each cause means for whoever has to do something about it. */
const CAUSES: Readonly<Record<HealthCause, string>> = {
  starting: 'Waiting for the first price',
  writer_failed: 'The ledger cannot be written',
  operator: 'Halted by hand',
  price_stale: 'Prices have stopped',
  no_quorum: 'Too few exchanges answer',
  venues_apart: 'The exchanges disagree',
  recording_over: 'The recording is over',
  price_frozen: 'The price does not move',
  commit_slow: 'Commits are slow',
  queue_full: 'Taps queue up',
  wal_large: 'The write-ahead log is large',
  disk_full: 'The disk fills up',
  clock_step: 'The clock jumped',
  clock_off: 'The clock of this machine is wrong',
  redis_away: 'Redis does not answer',
};

/** The breaker: a lamp, a sentence, and every cause with since when. */
export function StateCard({
  operations: { health, halt, at, simulated, feedLabel },
}: {
  operations: Operations;
}): JSX.Element {
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
          {health.causes.map(({ cause, severity, since, detail }) => (
            <li class={severity}>
              <b safe>{CAUSES[cause]}</b> <span safe>{detail}</span>{' '}
              <small safe>{`since ${clockSecond(since)}, ${span(at - since)}`}</small>
            </li>
          ))}
        </ul>
        {halt !== null && health.state !== 'open' && (
          <p class="quiet">The halt takes hold with the next tick.</p>
        )}
        {health.state === 'open' && health.causes.length === 0 && (
          <p class="quiet">All is well again. Taps reopen once it has stayed that way for a while.</p>
        )}
      </div>
    </section>
  );
}

/**
 * The hand switch. Both buttons are always there: what is shown may be a few seconds old, what is pressed
 * counts.
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
    </form>
  );
}
