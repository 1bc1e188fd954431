import {
  calendarText,
  changedCalendar,
  readCalendar,
  readCalendarChangeText,
  termsFrom,
  termsUntil,
  type Headline,
} from '../../game/headline.ts';
import type { History } from '../../ports/history.ts';
import { pagesBehind } from '../../ports/pages.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import type { RevisionRow } from '../../store/rows/revision.ts';
import type { Findings } from './findings.ts';

type Calendar = readonly Headline[];

const ACTIONS_PER_PAGE = 500;
/** A revision that was made before a change of the calendar is committed after it at most so much later. */
const SETTLES_MS = 10_000;

/**
 * Holds revisions against the news calendar, commit by commit: each names an entry around whose time it was
 * made, or none where there is none. Within a commit, and for some seconds after a change, either calendar
 * counts.
 */
export class NewsRevisions {
  #calendar: Calendar = [];
  /** Calendars that were replaced lately, and when. */
  #replaced: readonly { readonly calendar: Calendar; readonly at: number }[] = [];

  /** @param last number of the last action before the part that is walked. */
  constructor(
    private readonly findings: Findings,
    history: Pick<History, 'actionsAfter'>,
    last: number,
  ) {
    const read = (before: number) => history.actionsAfter(before, ACTIONS_PER_PAGE);
    for (const page of pagesBehind(0, read, ({ seq }) => seq))
      for (const action of page) if (action.seq <= last) this.#follow(action);
  }

  take(
    actions: readonly ActionRow[],
    revisions: readonly Pick<RevisionRow, 'revision' | 'at' | 'headline'>[],
  ) {
    for (const action of actions) {
      this.#hold(action);
      this.#follow(action);
    }
    for (const { revision, at, headline } of revisions) {
      this.#replaced = this.#replaced.filter((one) => one.at >= at - SETTLES_MS);
      const calendars = [this.#calendar, ...this.#replaced.map(({ calendar }) => calendar)];
      if (calendars.some((calendar) => isPricedBy(headline, calendar, at))) continue;
      const said = headline === 0 ? 'around no news' : `around news of ${headline}`;
      this.findings.add(
        'news',
        `revision ${revision}`,
        `was priced ${said}, the calendar has ${calendarText(this.#calendar)}`,
      );
    }
  }

  #follow({ what, at, after }: ActionRow): void {
    if (what !== 'change-calendar') return;
    this.#replaced = [...this.#replaced, { calendar: this.#calendar, at }].filter(
      (one) => one.at >= at - SETTLES_MS,
    );
    this.#calendar = readCalendar(after) ?? [];
  }

  #hold({ what, seq, at, detail, before, after }: ActionRow): void {
    if (what !== 'change-calendar') return;
    const change = readCalendarChangeText(detail);
    const changed = change === null ? null : changedCalendar(this.#calendar, change, at);
    const said = Array.isArray(changed) ? calendarText(changed) : null;
    if (before !== calendarText(this.#calendar) || after !== said)
      this.findings.add(
        'news',
        `action ${seq}`,
        `says ${before} → ${after}, before it the calendar had ${calendarText(this.#calendar)}`,
      );
  }
}

const isPricedBy = (headline: number, calendar: Calendar, at: number): boolean => {
  const near = calendar.filter((one) => termsFrom(one) <= at && at < termsUntil(one));
  return headline === 0 ? near.length === 0 : near.some((one) => one.at === headline);
};
