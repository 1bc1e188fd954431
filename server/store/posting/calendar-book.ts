import type { Database } from 'bun:sqlite';
import { calendarText, changedCalendar, type CalendarChange, type Headline } from '../../game/headline.ts';
import type { OperatorRefusal } from '../../ports/operator.ts';
import { newsCalendar } from '../news-calendar.ts';

/** The news calendar, as the newest actions of operators say. */
export class CalendarBook {
  #headlines: readonly Headline[];

  constructor(db: Database) {
    this.#headlines = newsCalendar(db)();
  }

  /** @returns how it stood before and after, for the log, or why it stays as it is. */
  change(
    change: CalendarChange,
    at: number,
  ): { readonly before: string; readonly after: string } | OperatorRefusal {
    const before = this.#headlines;
    const after = changedCalendar(before, change, at);
    if (typeof after === 'string') return after;
    this.#headlines = after;
    return { before: calendarText(before), after: calendarText(after) };
  }
}
