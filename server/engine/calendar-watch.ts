import { calendarAt, headlineAt, type Calendar, type Headline } from '../game/headline.ts';

/**
 * The news calendar as time goes by: told when it is changed, and when an entry comes near, begins or is
 * over.
 */
export class CalendarWatch {
  #calendar: Calendar;

  constructor(
    headlines: readonly Headline[],
    now: number,
    private readonly tell: (calendar: Calendar) => void,
  ) {
    this.#calendar = calendarAt(headlines, now);
  }

  get calendar(): Calendar {
    return this.#calendar;
  }

  /** The entry on whose terms cells are sold at a time. */
  headlineAt(at: number): Headline | null {
    return headlineAt(this.#calendar.headlines, at);
  }

  change(headlines: readonly Headline[], now: number): void {
    this.#calendar = calendarAt(headlines, now);
    this.tell(this.#calendar);
  }

  step(now: number): void {
    if (this.#calendar.headlines.length === 0) return;
    const { headlines, notice } = calendarAt(this.#calendar.headlines, now);
    const held = this.#calendar;
    const isSame =
      headlines.length === held.headlines.length &&
      notice?.at === held.notice?.at &&
      notice?.name === held.notice?.name &&
      notice?.running === held.notice?.running;
    if (!isSame) this.change(headlines, now);
  }
}
