import type { Clock } from '../../server/feed/clock.ts';

/** A clock that a test moves by hand. */
export class HandClock implements Clock {
  private readonly timers = new Set<{ at: number; run: () => void }>();

  constructor(private time = 1_793_607_330_000) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Milliseconds from now at which timers will run, the soonest first. */
  due(): number[] {
    return [...this.timers].map(({ at }) => at - this.time).sort((a, b) => a - b);
  }

  /** Runs what falls due, in order, each at its own time. */
  advance(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      this.timers.delete(next);
      this.time = next.at;
      next.run();
    }
    this.time = until;
  }
}

/**
 * Lets sockets work until the condition holds. @throws after 20 s, with the sentence that names what was
 * awaited
 */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 4_000; i++) {
    if (holds()) return;
    await Bun.sleep(5);
  }
  throw new Error(`never happened: ${what}`);
}
