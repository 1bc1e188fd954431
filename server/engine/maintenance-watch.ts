import { isRunning, type Announced, type Maintenance } from '../game/maintenance.ts';
import { utcText } from './limit-sentence.ts';

/** The announced maintenance as time goes by: told when it is announced, begins, ends or is called off. */
export class MaintenanceWatch {
  #planned: Maintenance | null;
  #announced: Announced | null;

  constructor(
    planned: Maintenance | null,
    now: number,
    private readonly tell: (announced: Announced | null) => void,
  ) {
    this.#planned = planned;
    this.#announced = announcedAt(planned, now);
  }

  get announced(): Announced | null {
    return this.#announced;
  }

  /** What keeps taps out, in words; null while nothing does. */
  get running(): string | null {
    return this.#announced?.running
      ? `until ${utcText(this.#announced.until)}: ${this.#announced.reason}`
      : null;
  }

  plan(planned: Maintenance | null, now: number): void {
    this.#planned = planned;
    this.#announced = announcedAt(planned, now);
    this.tell(this.#announced);
  }

  step(now: number): void {
    const announced = announcedAt(this.#planned, now);
    if (announced?.running === this.#announced?.running) return;
    this.#announced = announced;
    this.tell(announced);
  }
}

const announcedAt = (planned: Maintenance | null, now: number): Announced | null =>
  planned === null || now >= planned.until ? null : { ...planned, running: isRunning(planned, now) };
