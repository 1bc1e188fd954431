import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import { OldBooks } from '../simulation/archived-books.ts';
import { Chance } from '../../scripts/replay-market/chance.ts';
import { faultsOf } from '../stage/second-opinion.ts';
import { aftermath } from './aftermath.ts';
import { audit, decidedShare, type Audit } from './audit.ts';
import { Jobs, JOBS, type JobName } from './jobs.ts';
import { readJournal } from './journal.ts';
import { Memory } from './memory.ts';
import { Machine } from './machine.ts';
import {
  databaseOf,
  dataOf,
  journalOf,
  killHouse,
  MAX_GAP_MS,
  startClient,
  startCommand,
} from './processes.ts';
import type { CrashReport } from './report.ts';
import { Tally } from './tally.ts';
import { trouble } from './trouble.ts';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly dir: string;
  readonly traders: number;
  /** Leaves the data where they can be looked at. */
  readonly keep?: boolean;
  /** Called after each round, with what was done in it. */
  readonly onRound?: (round: number, audit: Audit, done: readonly string[]) => void;
}

const DAY_MS = 86_400_000;
/** The first trade of the books that the first server finds; the last is eleven days later. */
const OLD_BOOKS_AGE_MS = 13 * DAY_MS;
/** A round lasts between these two; one that is killed in its start, in recovery, is shorter. */
const ROUND_MS_MIN = 100;
const ROUND_MS_MAX = 6_500;
const START_MS_MAX = 400;
/** About the time that an archiver is at work: it dies in the midst of it now and then. */
const ARCHIVING_MS_MAX = 1_200;
const DRAIN_MS_MAX = 50;
/** The clock goes on by a little more than a day now and then: what was bet before is due for the archive. */
const JUMP_MS = 25 * 3_600_000;
const ROUNDS_A_JUMP_MIN = 3;
/** Traders rest before it, so that not all of their open bets end in the gap. */
const REST_MS = 3_000;
/** The weeks of the history are looked at in as many files as are read at once. */
const JUMPS_MAX = 60;
const WAIT_MS_MAX = 120_000;
const EXIT_BROKEN = 70;

/**
 * Kills a server again and again at random moments while traders play, with backup, tail, archiver and check
 * at work beside it and beside each other, on a small disk that fills up and under a clock that jumps, and
 * audits the books against what the traders wrote down. The books begin with bets of two weeks ago. What
 * leaves for the archive must stay readable as it was.
 */
export const crash = async (options: CrashOptions): Promise<CrashReport> => new Crash(options).run();

class Crash {
  readonly #chance: Chance;
  readonly #tally = new Tally();
  readonly #memory = new Memory();
  readonly #faults = new Map<string, string>();
  readonly #machine: Machine;
  readonly #jobs: Jobs;
  #client!: ReturnType<typeof startClient>;
  readonly #roundsAJump: number;
  /** Of this round, in words. */
  #done: string[] = [];

  constructor(private readonly options: CrashOptions) {
    const { dir, seed, rounds } = options;
    this.#roundsAJump = Math.max(ROUNDS_A_JUMP_MIN, Math.ceil(rounds / JUMPS_MAX));
    this.#chance = new Chance(seed);
    this.#machine = new Machine(dir, seed, this.#tally);
    this.#jobs = new Jobs((words) => startCommand(dir, words, this.#machine.env), this.#tally);
  }

  async run(): Promise<CrashReport> {
    const { dir, seed, rounds, traders } = this.options;
    const began = performance.now();
    try {
      await new OldBooks(seed, dataOf(dir)).make(Date.now() - OLD_BOOKS_AGE_MS, MAX_GAP_MS);
      this.#audited();
      this.#machine.start();
      await this.#machine.ready();
      this.#client = startClient(dir, this.#machine.port, traders, this.#machine.env, seed);
      await until(() => this.#journal().some((line) => line.kind === 'answer' && line.results !== null));
      for (let round = 1; round <= rounds; round++) await this.#round(round);
      const inRounds = this.#segments();
      await this.#end();
      const last = this.#audited(true);
      this.#fault('at the end', [...last.faults, ...this.#jobs.faults]);
      if (last.unanswered > 0) this.#fault('at the end', [`${last.unanswered} orders never got an answer`]);
      if (last.closed < last.bets)
        this.#fault('at the end', [
          `${last.bets - last.closed} bets are still open although their windows are long over`,
        ]);
      const { signals, ends, clockSteps, fullDisks } = this.#tally;
      return {
        seed,
        rounds,
        durationMs: Math.round(performance.now() - began),
        smallDisk: this.#machine.disk !== null,
        movedClock: this.#machine.clock !== null,
        signals,
        clockSteps,
        fullDisks,
        jobs: ends,
        segments: { inRounds, all: this.#segments() },
        acknowledged: last.acknowledged,
        late: last.late,
        outcomes: last.outcomes,
        decidedShare: decidedShare(last),
        faults: [...this.#faults].map(([fault, when]) => `${when}: ${fault}`),
      };
    } finally {
      const { server, disk } = this.#machine;
      if (this.#client?.exitCode === null) this.#client.kill('SIGKILL');
      await this.#jobs.kill(this.#jobs.names);
      if (server !== undefined) await killHouse(server);
      disk?.unmount(this.options.keep);
    }
  }

  async #round(round: number): Promise<void> {
    const chance = this.#chance;
    this.#done = [];
    const inStart = chance.happens(0.15);
    if (!inStart) await this.#ready();
    // Without a server the archiver would take the ledger itself, and the server could not.
    for (const name of Object.keys(JOBS) as JobName[])
      if (name === 'archive' ? !inStart && chance.happens(0.8) : chance.happens(0.5)) this.#jobs.begin(name);
    const archiving = this.#jobs.names.includes('archive') && chance.happens(0.25);
    const ms =
      ROUND_MS_MIN + chance.below(inStart ? START_MS_MAX : archiving ? ARCHIVING_MS_MAX : ROUND_MS_MAX);
    await Bun.sleep(ms / 2);
    if (!inStart) {
      const killed = this.#machine.killByTurns();
      if (killed !== null) this.#done.push(`${killed} killed`);
      const what = await trouble(chance, this.#machine, this.#client, this.#jobs, this.#tally);
      if (what !== 'none') this.#done.push(what);
    }
    await Bun.sleep(ms / 2);
    const jumps = this.#machine.clock !== null && round % this.#roundsAJump === 0;
    if (jumps && !inStart) await this.#rest();
    await this.#stop();
    this.#look(round);
    if (jumps) this.#machine.step(JUMP_MS);
    if (chance.happens(0.05)) await Bun.sleep(MAX_GAP_MS);
    if (this.#machine.isFull && chance.happens(0.5)) this.#machine.makeRoom();
    this.#machine.start();
  }

  /** The server dies, mostly at once, and some of the jobs with it. */
  async #stop(): Promise<void> {
    const chance = this.#chance;
    const machine = this.#machine;
    const end = chance.below(100);
    const { exitCode } = machine.server;
    if (exitCode !== null) {
      this.#done.push(`server ended with ${exitCode}`);
      if (!machine.isFull || exitCode !== EXIT_BROKEN)
        this.#fault('in a round', [`the server ended by itself with ${exitCode}`]);
    }
    // A drain is a crash too when it is cut short.
    if (end < 25) await machine.drain(end < 15 ? chance.below(DRAIN_MS_MAX) : null);
    const gone = machine.kill();
    const dying = this.#jobs.names.filter((name) => name === 'archive' || chance.happens(0.6));
    this.#done.push(...dying.map((name) => `${name} killed`));
    await Promise.all([gone, this.#jobs.kill(dying)]);
  }

  async #rest(): Promise<void> {
    this.#client.kill('SIGUSR1');
    await Bun.sleep(REST_MS);
    this.#client.kill('SIGUSR2');
  }

  async #ready(): Promise<void> {
    const ended = await this.#machine.ready();
    if (ended !== null) this.#done.push(`no start on a full disk: ${ended}`);
  }

  #look(round: number): void {
    const found = this.#audited();
    // Nobody writes: the server and the archiver are dead.
    this.#fault(`round ${round}`, [...found.faults, ...faultsOf(databaseOf(this.options.dir))]);
    this.options.onRound?.(round, found, this.#done);
  }

  #journal = () => readJournal(journalOf(this.options.dir));

  #audited(all = false): Audit {
    return audit(databaseOf(this.options.dir), this.#journal(), MAX_GAP_MS, this.#memory, all);
  }

  #segments(): number {
    const source = new SqliteArchiveSource(databaseOf(this.options.dir));
    try {
      return source.archiveEnd().number;
    } finally {
      source.close();
    }
  }

  /**
   * Every order gets its answer, every bet comes to its end, and every job to its own, with nothing amiss.
   */
  async #end(): Promise<void> {
    const { dir, rounds } = this.options;
    await this.#ready();
    const answers = () =>
      this.#journal().filter((line) => line.kind === 'answer' && line.results !== null).length;
    const before = answers();
    await until(() => answers() > before);
    this.#client.kill('SIGTERM');
    await this.#client.exited;
    await until(() => (this.#audited().outcomes['open'] ?? 0) === 0);
    this.#machine.server.kill('SIGTERM');
    const code = await this.#machine.server.exited;
    if (code !== 0) this.#fault('at the end', [`the server ended its last drain with ${code}`]);
    await this.#jobs.kill(this.#jobs.names);
    this.#done = [];
    this.#look(rounds + 1);
    this.#machine.step(JUMP_MS);
    const segments = this.#segments();
    this.#fault('after the last round', await aftermath(dir, this.#machine.env));
    if (this.#machine.clock !== null && this.#segments() === segments)
      this.#fault('after the last round', ['nothing of it was archived']);
  }

  /** Each is told once, though every round finds it. */
  #fault(when: string, faults: readonly string[]): void {
    for (const fault of faults) if (!this.#faults.has(fault)) this.#faults.set(fault, when);
  }
}

/** Looks again and again, and gives up in silence: the last audit says what is missing. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS_MAX;
  while (!holds() && performance.now() < end) await Bun.sleep(500);
}
