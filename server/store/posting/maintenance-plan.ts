import type { Database } from 'bun:sqlite';
import { isClosedBy, isRunning, type Maintenance } from '../../game/maintenance.ts';
import type { Cell } from '../../game/grid.ts';
import { plannedMaintenance } from '../planned-maintenance.ts';

/** The maintenance that is announced, as the newest actions of operators say. */
export class MaintenancePlan {
  #planned: Maintenance | null;

  constructor(db: Database) {
    this.#planned = plannedMaintenance(db)();
  }

  /** Null when there is none that is still to come or under way. */
  at(at: number): Maintenance | null {
    return this.#planned !== null && at < this.#planned.until ? this.#planned : null;
  }

  closes(cell: Cell, at: number): boolean {
    return this.#planned !== null && isClosedBy(this.#planned, cell, at);
  }

  set(planned: Maintenance | null): void {
    this.#planned = planned;
  }

  /** Taps are taken again: what has begun is over. */
  resume(at: number): void {
    if (this.#planned !== null && isRunning(this.#planned, at)) this.#planned = null;
  }
}
