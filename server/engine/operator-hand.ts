import type { Cell } from '../game/grid.ts';
import { isClosedBy, type Announced, type Maintenance } from '../game/maintenance.ts';
import type { Headline } from '../game/headline.ts';
import { isUnrestricted, UNRESTRICTED, type Restriction } from '../game/restriction.ts';
import type { Events } from '../ports/events.ts';
import { CalendarWatch } from './calendar-watch.ts';
import { MaintenanceWatch } from './maintenance-watch.ts';

export interface OperatorHandParts {
  readonly now: () => number;
  /** Why an operator halted the house in an earlier run; null or missing when nobody did. */
  readonly haltedBefore?: string | null;
  /** The maintenance that was announced in an earlier run; null or missing when there is none. */
  readonly plannedBefore?: Maintenance | null;
  /** What operators set for accounts in earlier runs; missing when there is none. */
  readonly restrictedBefore?: Iterable<readonly [accountId: string, restriction: Restriction]>;
  /** Ranges of addresses that operators blocked in earlier runs; missing when there are none. */
  readonly rangesBefore?: readonly string[];
  /** The news calendar of earlier runs; missing where there is none. */
  readonly calendarBefore?: readonly Headline[];
  readonly events: Pick<Events, 'emit'>;
}

/** What operators have set until they take it back. The ledger has the last word on what keeps taps out. */
export class OperatorHand {
  /** Why taps are refused; null while they are taken. */
  halt: string | null;
  readonly #restricted = new Map<string, Restriction>();
  /** Blocked ranges of addresses. */
  blockedRanges: readonly string[];
  readonly calendar: CalendarWatch;
  readonly #maintenance: MaintenanceWatch;

  constructor(private readonly parts: OperatorHandParts) {
    const { events } = parts;
    this.halt = parts.haltedBefore ?? null;
    for (const restricted of parts.restrictedBefore ?? []) this.restrict(...restricted);
    this.blockedRanges = parts.rangesBefore ?? [];
    this.calendar = new CalendarWatch(parts.calendarBefore ?? [], parts.now(), (calendar) =>
      events.emit('calendar', calendar),
    );
    this.#maintenance = new MaintenanceWatch(parts.plannedBefore ?? null, parts.now(), (announced) =>
      events.emit('maintenance', announced),
    );
  }

  /** The maintenance that is still to come, or under way. */
  get announced(): Announced | null {
    return this.#maintenance.announced;
  }

  /** The maintenance that is under way, in words. */
  get maintenance(): string | null {
    return this.#maintenance.running;
  }

  /** For the breaker. */
  get vitals() {
    return { operatorHalt: this.halt, maintenance: this.maintenance };
  }

  /** Whether a column is closed by an announced maintenance. */
  closes(window: Pick<Cell, 'startMs' | 'windowMs'>, at: number): boolean {
    const { announced } = this;
    return announced !== null && isClosedBy(announced, window, at);
  }

  /** What operators have set for the account. */
  restrictionOf(accountId: string): Restriction {
    return this.#restricted.get(accountId) ?? UNRESTRICTED;
  }

  restrict(accountId: string, restriction: Restriction): void {
    if (isUnrestricted(restriction)) this.#restricted.delete(accountId);
    else this.#restricted.set(accountId, restriction);
  }

  /** A maintenance was announced, called off, or ended. */
  plan(planned: Maintenance | null): void {
    this.#maintenance.plan(planned, this.parts.now());
  }

  step(now: number): void {
    this.#maintenance.step(now);
    this.calendar.step(now);
  }
}
