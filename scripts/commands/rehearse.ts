import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expectNoHouse } from '../../server/compose/books.ts';
import { OWN_COMMAND } from '../../server/compose/places.ts';
import { withSettingsFile } from '../../server/config-source.ts';
import type { Environment } from '../../server/config.ts';
import { copyDatabase } from '../../server/store/copy.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { command, type Shell } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure, failingAs } from '../command-line/failure.ts';

const READY_MS_MAX = 120_000;
const STOP_MS_MAX = 15_000;
const LOOK_MS = 100;
/** Left free on the disk of the books beside the copy: nobody stops taking bets for a rehearsal. */
const FREE_SHARE_MIN = 0.2;

export const rehearse = command({
  about:
    "Rehearses this release before it touches the books: starts it with the server's settings and secrets " +
    'on a copy of them, with simulated prices and without Redis, until it serves, then stops it. The ' +
    'running server, the backups and the bucket are not affected.',
  examples: ['rehearse'],
  exits: { 0: 'it served, and stopped cleanly', 1: 'it did not', 2: 'a setting is wrong' },
  async run(_, shell) {
    const config = shell.config();
    const { dataDir } = config;
    const books = join(dataDir, DATABASE_FILE);
    const bytes = existsSync(books) ? statSync(books).size : 0;
    if (bytes === 0)
      await failingAs('house_elsewhere', 'The server would not start', () => expectNoHouse(config));
    const place = existsSync(dataDir) ? dataDir : '/tmp';
    removeAbandoned(place);
    if (place === dataDir) expectRoom(dataDir, bytes);
    const end = shell.interruptible();
    const folder = mkdtempSync(join(place, `rehearsal-${process.pid}-`));
    try {
      if (bytes > 0)
        await failingAs('copy_failed', 'The books cannot be copied', () =>
          copyDatabase(
            books,
            join(folder, DATABASE_FILE),
            [...OWN_COMMAND, 'copy-database'],
            (written) => shell.progress('copying the books', Math.min(1, written / bytes)),
            end,
          ),
        );
      await tryOut(folder, shell, end);
      return { exit: EXIT.ok, report: { served: true }, text: 'The rehearsal succeeded.\n' };
    } catch (cause) {
      if (!end.aborted) throw cause;
      throw new CommandFailure('interrupted', 'The rehearsal was interrupted. Nothing was changed.');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Copies of rehearsals that were killed, or cut off with the machine, would fill the disk of the books. */
function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = /^rehearsal-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(place, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function expectRoom(dataDir: string, bytes: number): void {
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  const lacking = bytes - bsize * (bavail - blocks * FREE_SHARE_MIN);
  if (bytes > 0 && lacking > 0)
    throw new CommandFailure(
      'no_room',
      `The rehearsal needs ${Math.ceil(lacking / 1e6)} MB more in ${dataDir} ` +
        'for a copy of the books. Free some space, or deploy with --no-rehearsal.',
    );
}

async function tryOut(folder: string, shell: Shell, end: AbortSignal): Promise<void> {
  const socket = join(folder, 'http.sock');
  const server = Bun.spawn([...OWN_COMMAND, 'start'], {
    env: { ...withSettingsFile(shell.env).env, ...setAside(folder, socket) },
    stdin: 'ignore',
    // Its log would stand in the answer of this command.
    stdout: 2,
    stderr: 'inherit',
    signal: end,
  });
  const serves = await isServing(socket, server);
  server.kill('SIGTERM');
  const code = await Promise.race([server.exited, Bun.sleep(STOP_MS_MAX)]);
  if (code === undefined) server.kill('SIGKILL');
  if (!serves) throw new CommandFailure('not_serving', 'The release does not serve on a copy of the books.');
  const ended = code === undefined ? `not within ${STOP_MS_MAX / 1_000} s` : `exit code ${code}`;
  if (code !== 0) throw new CommandFailure('not_stopped', `The release does not stop cleanly (${ended}).`);
}

/** What a rehearsal must not touch: the real books, prices, Redis, backups, and sockets in use. */
const setAside = (folder: string, socket: string): Environment => ({
  DATA_DIR: folder,
  ROLE: 'house',
  // One edge listens where it is looked for; several would have a socket each.
  EDGES: '1',
  LISTEN_SOCKET: socket,
  LINK_SOCKET: '',
  OPS_LISTEN: '',
  OPERATIONS_LISTEN: '',
  OPERATOR_SOCKET: '',
  FEED: 'walk:rehearsal',
  REDIS_URL: '',
  BACKUP_DIR: join(folder, 'backups'),
  BACKUP_S3_BUCKET: '',
  LOG_LEVEL: 'warn',
  SETTINGS_FILE: '',
  CREDENTIALS_DIRECTORY: '',
  NOTIFY_SOCKET: '',
  WATCHDOG_USEC: '',
});

async function isServing(socket: string, server: Bun.Subprocess): Promise<boolean> {
  const until = performance.now() + READY_MS_MAX;
  while (performance.now() < until && server.exitCode === null && server.signalCode === null) {
    const isThere = await fetch('http://localhost/readyz', {
      unix: socket,
      signal: AbortSignal.timeout(2_000),
    }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isThere) return true;
    await Bun.sleep(LOOK_MS);
  }
  return false;
}
