/**
 * Tries a release on a copy of the books before it is let near the real ones. usage: bun deploy/rehearse.ts
 * <release> <data folder>
 */
import { Database } from 'bun:sqlite';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS_MAX = 120_000;
const STOP_MS_MAX = 15_000;

const [release, dataDir, ...rest] = Bun.argv.slice(2);
if (release === undefined || dataDir === undefined || rest.length > 0) {
  console.error(
    'usage: bun deploy/rehearse.ts <release> <data folder>\n\nCopies the books, starts the release on the copy with made-up prices and without Redis, and waits until it is ready. Exit code 0: it became ready and stopped in order.',
  );
  process.exit(2);
}
process.exit(await rehearse(release, dataDir));

async function rehearse(release: string, dataDir: string): Promise<number> {
  const folder = mkdtempSync(join(process.env.REHEARSAL_DIR ?? tmpdir(), 'tapgrid-rehearsal-'));
  const socket = join(folder, 'http.sock');
  try {
    copyBooks(join(dataDir, 'tapgrid.db'), join(folder, 'tapgrid.db'));
    const server = Bun.spawn([process.execPath, join(release, 'server/main.ts')], {
      cwd: release,
      env: {
        ...process.env,
        DATA_DIR: folder,
        LISTEN_SOCKET: socket,
        OPERATIONS_LISTEN: '',
        FEED: 'walk:rehearsal',
        REDIS_URL: '',
        LOG_LEVEL: 'warn',
        NOTIFY_SOCKET: '',
        WATCHDOG_USEC: '',
      },
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
    });
    const ready = await isReady(socket, server);
    server.kill('SIGTERM');
    const stopped = await Promise.race([server.exited, Bun.sleep(STOP_MS_MAX)]);
    if (stopped === undefined) server.kill('SIGKILL');
    if (!ready) console.error('rehearsal: the release did not become ready on a copy of the books');
    else if (stopped !== 0)
      console.error(`rehearsal: the release did not stop in order (${stopped ?? 'not in time'})`);
    return ready && stopped === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One consistent copy while the server goes on; there is nothing to copy before the first start. */
function copyBooks(from: string, to: string): void {
  if (!existsSync(from)) return;
  const books = new Database(from, { readonly: true });
  try {
    books.run('VACUUM INTO ?', [to]);
  } finally {
    books.close();
  }
}

async function isReady(socket: string, server: Bun.Subprocess): Promise<boolean> {
  for (
    const until = performance.now() + READY_MS_MAX;
    performance.now() < until && server.exitCode === null && server.signalCode === null;
    await Bun.sleep(100)
  ) {
    const answered = await fetch('http://localhost/readyz', {
      unix: socket,
      signal: AbortSignal.timeout(2000),
    }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (answered) return true;
  }
  return false;
}
