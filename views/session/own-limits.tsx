import { Html } from '@elysiajs/html';
import { formatExactDollars, type Micros } from '../../server/game/money.ts';
import {
  FOR_GOOD,
  GUARD_PERCENT_MAX,
  GUARD_PERCENT_MIN,
  type OwnLimits,
  type PauseLength,
} from '../../server/game/own-limits.ts';
import { minutesText } from '../clock.ts';
import { IDS } from '../ids.ts';
import { Moment } from '../moment.tsx';

/** Minutes between two reminders that the form offers. */
const REMINDERS = [15, 30, 60, 120, 240] as const;
/** Pauses in the words of their buttons. */
export const PAUSE_NAMES: Readonly<Record<PauseLength, string>> = {
  day: '24 hours',
  week: '7 days',
  'half-year': '6 months',
  'for-good': 'For good',
};

/**
 * What traders set for themselves: each in a form of its own, so that saving one leaves the others alone.
 * `typedLoss`: a daily loss limit that was refused, which stays to be mended.
 */
export function OwnLimitsForms({
  limits,
  notice,
  typedLoss,
}: {
  limits: OwnLimits;
  notice?: string | undefined;
  typedLoss?: string | undefined;
}): JSX.Element {
  return (
    <section id={IDS.ownLimits} class="limits">
      <h2>Your limits</h2>
      <p id={IDS.settingsNotice} class="quiet notice" role="status" safe>
        {notice ?? ''}
      </p>
      <LossForm limits={limits} typed={typedLoss} />
      <ReminderForm minutes={limits.reminderMinutes} />
      <GuardForm percent={limits.guardPercent} />
      <Pauses until={limits.pausedUntil} />
    </section>
  );
}

const SAVED_BY = {
  action: '/account/limits',
  method: 'post',
  'hx-post': '/account/limits',
  'hx-target': `#${IDS.ownLimits}`,
  'hx-swap': 'outerHTML',
} as const;

function LossForm({
  limits: { dailyLoss, loosening },
  typed,
}: {
  limits: OwnLimits;
  typed: string | undefined;
}): JSX.Element {
  const saved = dailyLoss === null ? '' : plainDollars(dailyLoss);
  return (
    <>
      <form {...SAVED_BY}>
        <label class="field">
          <span>Daily loss limit, in dollars</span>
          <span class="joined">
            <input
              type="text"
              name="dailyLoss"
              inputmode="decimal"
              pattern="[$]?\d{1,7}([.]\d{1,6})?"
              maxlength="15"
              placeholder="none"
              value={typed ?? saved}
            />
            <button type="submit" class="button plain small">
              Save limit
            </button>
          </span>
          <small>
            Counted per UTC day, with open bets as losses. Taps that could take you past it are refused. A
            tighter limit applies at once; a looser one, or none, after 24 hours.
          </small>
        </label>
      </form>
      {loosening !== null && dailyLoss !== null && (
        <form class="loosening" {...SAVED_BY}>
          <p>
            {loosening.dailyLoss === null ? (
              <>This limit ends on </>
            ) : (
              <>
                Becomes <b safe>{shortDollars(loosening.dailyLoss)}</b> on{' '}
              </>
            )}
            <Moment at={loosening.at} as="minute" />.
          </p>
          <input type="hidden" name="dailyLoss" value={plainDollars(dailyLoss)} />
          <button type="submit" class="button plain small" safe>{`Keep ${shortDollars(dailyLoss)}`}</button>
        </form>
      )}
    </>
  );
}

function ReminderForm({ minutes }: { minutes: number | null }): JSX.Element {
  const offered =
    minutes === null || REMINDERS.includes(minutes as never)
      ? REMINDERS
      : [...REMINDERS, minutes].sort((a, b) => a - b);
  return (
    <form {...SAVED_BY}>
      <label class="field">
        <span>Reminder of time and result</span>
        <span class="joined">
          <select name="reminderMinutes">
            <option value="" selected={minutes === null}>
              never
            </option>
            {offered.map((one) => (
              <option
                value={String(one)}
                selected={one === minutes}
                safe
              >{`every ${minutesText(one)}`}</option>
            ))}
          </select>
          <button type="submit" class="button plain small">
            Save reminder
          </button>
        </span>
        <small>
          While you play, the page tells you how long you have been playing and what you have won or lost.
        </small>
      </label>
    </form>
  );
}

function GuardForm({ percent }: { percent: number }): JSX.Element {
  return (
    <form {...SAVED_BY}>
      <label class="field">
        <span>
          Guard <output data-guard="true" safe>{`${percent} %`}</output>
        </span>
        <span class="joined">
          <input
            type="range"
            name="guardPercent"
            min={String(GUARD_PERCENT_MIN)}
            max={String(GUARD_PERCENT_MAX)}
            step="5"
            value={String(percent)}
          />
          <button type="submit" class="button plain small">
            Save guard
          </button>
        </span>
        <small>
          A tap is locked a moment after it is placed. If the multiplier has by then dropped below this share
          of what you saw, your stake comes back.
        </small>
      </label>
    </form>
  );
}

function Pauses({ until }: { until: number | null }): JSX.Element {
  return (
    <div class="field">
      <span>Take a break</span>
      {until !== null && (
        <p class="warning">
          <PausedUntil until={until} />
        </p>
      )}
      {until === FOR_GOOD ? (
        ''
      ) : (
        <>
          <div class="pauses">
            {(Object.keys(PAUSE_NAMES) as PauseLength[]).map((length) => (
              <a class="button plain small" href={`/account/pause?length=${length}`} safe>
                {PAUSE_NAMES[length]}
              </a>
            ))}
          </div>
          <small>
            Choosing one does not pause anything yet: the next page explains it and asks you to confirm.
          </small>
        </>
      )}
    </div>
  );
}

/** A message for a trader who has paused themselves. */
export function PausedUntil({ until }: { until: number }): JSX.Element {
  return until === FOR_GOOD ? (
    <>You paused this account for good. It cannot bet.</>
  ) : (
    <>
      You paused this account until <Moment at={until} as="minute" />: no bets before then.
    </>
  );
}

/** As it is typed into a field: `50`, `0.5`. */
const plainDollars = (amount: Micros): string => shortDollars(amount).replace(/[$,]/g, '');
const shortDollars = (amount: Micros): string => formatExactDollars(amount).replace(/\.00$/, '');
