import { join } from 'node:path';
import { childrenOf, isGone } from '../stage/processes.ts';

const ROOT = join(import.meta.dir, '../..');
const START_MS_MAX = 120_000;
/** Short windows, so that bets open and close within a round. */
const WINDOW_MS = 1_000;
/** Longer than a restart on a busy machine takes, so that a kill does not make the windows around it void. */
export const MAX_GAP_MS = 10_000;
/**
 * Small segments, so that the archiver has many steps to be killed at; after a day everything is due, and no
 * week leaves the disk.
 */
const ARCHIVE = { ARCHIVE_SEGMENT_ROWS: '100', ARCHIVE_AFTER_DAYS: '1', HISTORY_WEEKS: '520' };

export const journalOf = (dir: string): string => join(dir, 'journal.jsonl');
export const backupsOf = (dir: string): string => join(dataOf(dir), 'backups');
export const dataOf = (dir: string): string => join(dir, 'data');
/** What the operator of a server sees there: `/healthz`, `/metrics`. */
export const lookAt = (dir: string, path: string): Promise<Response> =>
  fetch(`http://operations${path}`, {
    unix: join(dataOf(dir), 'operations.sock'),
    signal: AbortSignal.timeout(30_000),
  });
export const databaseOf = (dir: string): string => join(dataOf(dir), 'tapgrid.db');

export interface ServerToStart {
  readonly dir: string;
  readonly port: number;
  readonly seed: number;
  /** A program that runs the server, such as strace with its options. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A server of our own on simulated prices, with limits that a fast trader does not meet. */
export const startServer = ({ dir, port, seed, under = [], env = {} }: ServerToStart) =>
  Bun.spawn([...under, process.execPath, join(ROOT, 'server/main.ts')], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATA_DIR: dataOf(dir),
      PORT: String(port),
      EDGES: '0',
      FEED: `walk:${seed}`,
      LOG_LEVEL: 'error',
      WINDOW_MS: String(WINDOW_MS),
      MAX_GAP_MS: String(MAX_GAP_MS),
      COLUMNS_AHEAD: '4',
      PRACTICE_PER_HOUR_MAX: '100000',
      REQUESTS_PER_SECOND_MAX: '100000',
      TAPS_PER_SECOND_MAX: '100000',
      KEY_DAILY_CAP_DOLLARS: '1000000',
      BREAKER_HYSTERESIS_MS: '0',
      BACKUP_DIR: backupsOf(dir),
      ...ARCHIVE,
      ...env,
    },
    // The oracle's own report may be JSON on its standard output.
    stdout: 2,
    stderr: 'inherit',
  });

type Server = ReturnType<typeof startServer>;

/** Engine and edges of a house that has some; nothing where one process is all of it. */
export const membersOf = ({ pid }: Pick<Server, 'pid'>, role: 'engine' | 'edge'): number[] =>
  childrenOf(pid, `ROLE=${role}`);

/** Ends every process of a house at once, its supervisor first: none is started anew, none says goodbye. */
export async function killHouse(server: Server): Promise<void> {
  // Held, it starts none between the look at them and its end.
  if (server.exitCode === null) server.kill('SIGSTOP');
  const members = [...membersOf(server, 'engine'), ...membersOf(server, 'edge')];
  if (server.exitCode === null) server.kill('SIGKILL');
  for (const pid of members) killMember(pid);
  await server.exited;
  while (!members.every(isGone)) await Bun.sleep(5);
}

/** One that has ended meanwhile is left alone. */
export function killMember(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Traders in a process of their own, who write everything down. */
export const startClient = (
  dir: string,
  port: number,
  traders: number,
  env: Readonly<Record<string, string>> = {},
  seed = 1,
) =>
  Bun.spawn(
    [
      process.execPath,
      join(import.meta.dir, 'client.ts'),
      `http://localhost:${port}`,
      journalOf(dir),
      String(traders),
      String(seed),
    ],
    { env: { ...process.env, ...env }, stdout: 2, stderr: 'inherit' },
  );

/**
 * A command of the operator on the same data, as it runs beside the server. Backups lie on the disk of the
 * data.
 */
export const startCommand = (
  dir: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
) =>
  Bun.spawn([process.execPath, join(ROOT, 'scripts/tapgrid.ts'), ...words], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATA_DIR: dataOf(dir),
      BACKUP_DIR: backupsOf(dir),
      ...ARCHIVE,
      MAX_GAP_MS: String(MAX_GAP_MS),
      LOG_LEVEL: 'error',
      ...env,
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });

/** Waits for the first board. @throws Error when the server ends, or has none in time. */
export async function ready(
  port: number,
  server: { readonly exitCode: number | null },
  waitMs = START_MS_MAX,
): Promise<void> {
  const until = Date.now() + waitMs;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answer = await fetch(`http://localhost:${port}/api/v1/grid`, {
      signal: AbortSignal.timeout(5_000),
    }).catch(() => null);
    if (answer?.ok) return;
    await Bun.sleep(20);
  }
  throw new Error('the server did not become ready');
}
