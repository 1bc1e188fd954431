import { Member, type MemberParts } from './member.ts';

/** How often silent processes are looked for. */
const LOOK_MS = 250;
/**
 * An edge that is silent for this long serves nobody, yet keeps its share of new connections. A silent engine
 * gets longer: it may continue in a moment, and a restart takes longer than the gap that voids bets.
 */
export const EDGE_SILENT_MS_MAX = 2_000;
const ENGINE_SILENT_MS_MAX = 10_000;
/** An edge has its clients to send away, an engine the commits under way to end, for which it has 10 s. */
const EDGE_STOP_MS_MAX = 5_000;
const ENGINE_STOP_MS_MAX = 11_000;

/** An edge has the processor after the engine; while it starts, too. */
export const EDGE_NICENESS = 10;

interface Parts extends Pick<MemberParts, 'command' | 'log' | 'steadyMs'> {
  /** Environment of the engine, and of each edge. */
  readonly engine: MemberParts['env'];
  readonly edges: readonly MemberParts['env'][];
  /** All are ready, for the first time. */
  readonly onReady: () => void;
  readonly onAlive: () => void;
  /** The house cannot be started: all of it was stopped. */
  readonly onRefused: (code: number) => void;
}

/**
 * Keeps the processes of one house alive: an engine and its edges as siblings, so that none takes another
 * along. It does nothing else, so that nothing can hold it up.
 */
export class Supervisor {
  readonly members: readonly Member[];
  readonly #engine: Member;
  readonly #timer: Timer;
  #lookedAt: number;
  #wasReady = false;
  #stopping: Promise<number | null> | null = null;

  constructor(private readonly parts: Parts) {
    const { command, log, steadyMs, onAlive } = parts;
    const memberOf = (
      name: string,
      env: MemberParts['env'],
      niceness: number,
      silentMsMax: number,
      stopMsMax: number,
    ) =>
      new Member({
        ...{ name, command, env, niceness, silentMsMax, stopMsMax, onAlive, log, steadyMs },
        onReady: () => this.#onReady(),
        onRefused: (code) => this.#refused(code),
      });
    this.#engine = memberOf('engine', parts.engine, 0, ENGINE_SILENT_MS_MAX, ENGINE_STOP_MS_MAX);
    const edges = parts.edges.map((env, index) =>
      memberOf(`edge-${index + 1}`, env, EDGE_NICENESS, EDGE_SILENT_MS_MAX, EDGE_STOP_MS_MAX),
    );
    this.members = [this.#engine, ...edges];
    this.#lookedAt = steadyMs();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    for (const member of this.members) member.start();
  }

  /** Edges first: what they have asked for is still answered. @returns the engine's exit code */
  stop(): Promise<number | null> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<number | null> {
    clearInterval(this.#timer);
    const [engine, ...edges] = this.members;
    await Promise.all(edges.map((edge) => edge.stop()));
    return engine!.stop();
  }

  /** Who was stopped with the whole machine has not been silent. */
  #look(): void {
    const at = this.parts.steadyMs();
    const lateMs = Math.max(0, at - this.#lookedAt - 2 * LOOK_MS);
    this.#lookedAt = at;
    for (const member of this.members) member.look(lateMs);
  }

  #onReady(): void {
    if (this.#wasReady || !this.members.every(({ isReady }) => isReady)) return;
    this.#wasReady = true;
    this.parts.onReady();
  }

  #refused(code: number): void {
    if (this.#stopping === null) void this.stop().then(() => this.parts.onRefused(code));
  }
}
