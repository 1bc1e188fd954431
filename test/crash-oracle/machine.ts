import { MovedClock } from './moved-clock.ts';
import { dataOf, killHouse, killMember, membersOf, ready, startServer } from './processes.ts';
import { SmallDisk } from './small-disk.ts';
import type { Tally } from './tally.ts';
import { freePort } from '../stage/free-port.ts';

/**
 * Room on the small disk: enough for a round; too little to take bets, at which the breaker opens; hardly
 * any, at which writing fails.
 */
const ROOM = 64 << 20;
const LITTLE_ROOM_SHARE = 0.12;
const HARDLY_ANY_ROOM = 256 << 10;
/** How long a start on a full disk may take before there is room again. */
const FULL_START_MS = 3_000;

/**
 * What the server runs on: a port, a small disk and a clock that jumps, where this machine lets us make them.
 */
export class Machine {
  readonly port = freePort();
  readonly clock: MovedClock | null;
  readonly disk: SmallDisk | null;
  server!: ReturnType<typeof startServer>;
  isFull = false;
  #starts = 0;

  constructor(
    private readonly dir: string,
    private readonly seed: number,
    private readonly tally: Tally,
  ) {
    this.clock = MovedClock.available ? new MovedClock(dir) : null;
    this.disk = SmallDisk.mount(dataOf(dir), ROOM);
  }

  /** Settings of each process that goes by the clock of this machine. */
  get env(): Readonly<Record<string, string>> | undefined {
    return this.clock?.env;
  }

  /** One process and an engine with an edge by turns, on the same books. */
  start(): void {
    const { dir, port, env } = this;
    const start = this.#starts++;
    const EDGES = `${start % 2}`;
    this.server = startServer({ dir, port, seed: this.seed + start, env: { ...env, EDGES } });
  }

  /** The process that does this work: the server itself where it is the only one. */
  #pidOf(role: 'engine' | 'edge'): number {
    return membersOf(this.server, role)[0] ?? this.server.pid;
  }

  /** It stands still for so long. */
  async hold(role: 'engine' | 'edge', ms: number): Promise<void> {
    const pid = this.#pidOf(role);
    killMember(pid, 'SIGSTOP');
    this.tally.signal(pid === this.server.pid ? 'server' : role, 'SIGSTOP');
    await Bun.sleep(ms);
    killMember(pid, 'SIGCONT');
  }

  /**
   * Of a house of several processes an edge or the engine ends, by turns, and its supervisor starts it anew.
   * @returns which; null where one process is all.
   */
  killByTurns(): 'engine' | 'edge' | null {
    const role = this.#starts % 4 === 2 ? 'edge' : 'engine';
    const [pid] = membersOf(this.server, role);
    if (pid === undefined) return null;
    killMember(pid);
    this.tally.signal(role, 'SIGKILL');
    return role;
  }

  /**
   * A start on a full disk may fail, and must not once there is room.
   * @returns what the server that could not start ended with; null where it could
   */
  async ready(): Promise<number | null> {
    let ended: number | null = null;
    if (this.isFull) {
      await ready(this.port, this.server, FULL_START_MS).catch(() => undefined);
      this.makeRoom();
      ended = this.server.exitCode;
      if (ended !== null) this.start();
    }
    await ready(this.port, this.server);
    this.disk?.leave(ROOM);
    return ended;
  }

  /** Asks the server to end, and waits for so long; null for to its end. */
  async drain(drainMs: number | null): Promise<void> {
    this.server.kill('SIGTERM');
    this.tally.signal('server', 'SIGTERM');
    if (drainMs === null) await this.server.exited;
    else await Bun.sleep(drainMs);
  }

  /** @returns when all of the server is gone, which is at once */
  async kill(): Promise<void> {
    if (this.server.exitCode === null) this.tally.signal('server', 'SIGKILL');
    await killHouse(this.server);
  }

  /** The disk is filling up, where there is one of our own. */
  fill(room: 'little room' | 'no room'): void {
    if (this.disk === null) return;
    this.disk.leave(room === 'little room' ? this.disk.usedBytes() * LITTLE_ROOM_SHARE : HARDLY_ANY_ROOM);
    this.isFull = true;
    this.tally.fullDisks += 1;
  }

  makeRoom(): void {
    this.disk?.leave(ROOM);
    this.isFull = false;
  }

  /** The wall clock jumps, where it can be moved. */
  step(ms: number): void {
    if (this.clock === null) return;
    this.clock.step(ms);
    this.tally.clockSteps += 1;
  }
}
