import type { ApartHouse } from '../../test/stage/apart-house.ts';
import { startFlood } from '../../test/stage/flood.ts';
import { readMetrics } from './scrape.ts';
import { residentBytesOf } from './server-process.ts';

const KILL_EVERY_MS = 1_000;
/** A stopped edge is killed after two seconds of silence, as a service manager does, and stopped again. */
const FREEZE_AFTER_MS = 2_000;
const FREEZE_EVERY_MS = 4_000;
const LOOK_EVERY_MS = 1_000;

/** Floods of two edges, one of which is killed every second, and an edge that is stopped. */
export class FloodProcesses {
  isOver = false;
  kills = 0;
  freezes = 0;
  socketsMax = 0;
  /** Of the flooded edge. */
  bytesMax = 0;
  readonly #children: readonly ReturnType<typeof startFlood>[];
  readonly #timers: readonly Timer[];

  constructor(
    private readonly house: ApartHouse,
    private readonly edges: Readonly<Record<'flooded' | 'killed' | 'frozen', number>>,
    seconds: number,
    watchers: number,
    operations: string,
  ) {
    this.#children = [
      startFlood(house.origin(edges.flooded), seconds, watchers),
      startFlood(house.origin(edges.killed), seconds),
    ];
    this.#freeze();
    this.#timers = [
      setInterval(() => this.#kill(), KILL_EVERY_MS),
      setInterval(() => this.#freezeAgain(), FREEZE_EVERY_MS),
      setInterval(() => void this.#look(operations), LOOK_EVERY_MS),
    ];
    void Promise.all(this.#children.map(({ exited }) => exited)).then(() => {
      this.isOver = true;
      for (const timer of this.#timers) clearInterval(timer);
    });
  }

  async ended() {
    const sums = { connections: 0, bytes: 0 };
    for (const { stdout, exited } of this.#children) {
      const text = await new Response(stdout).text();
      if ((await exited) !== 0) throw new Error(`the flood ended early: ${text}`);
      const { opened, bytes } = JSON.parse(text) as { opened: number; bytes: number };
      sums.connections += opened;
      sums.bytes += bytes;
    }
    const { kills, freezes, socketsMax, bytesMax } = this;
    return { ...sums, kills, freezes, socketsMax, bytesMax };
  }

  #kill(): void {
    this.house.restart(this.edges.killed);
    this.kills += 1;
  }

  #freeze(): void {
    this.house.freeze(this.edges.frozen);
    this.freezes += 1;
  }

  #freezeAgain(): void {
    this.house.restart(this.edges.frozen);
    setTimeout(() => this.isOver || this.#freeze(), FREEZE_AFTER_MS);
  }

  async #look(operations: string): Promise<void> {
    this.bytesMax = Math.max(this.bytesMax, residentBytesOf(this.house.pid(this.edges.flooded)));
    const metrics = await readMetrics(operations).catch(() => new Map<string, number>());
    this.socketsMax = Math.max(this.socketsMax, metrics.get('tapgrid_sockets') ?? 0);
  }
}
