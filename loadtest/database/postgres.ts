import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTool } from '../../test/runner/supply.ts';
import type { Tool } from '../../test/runner/tools.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { measureBatches } from './postgres-batches.ts';

/**
 * Bets per second that are flushed before they are answered, without a signature. `rate`: each a transaction
 * of its own, of many clients; `batchedRate`: set-wise, a batch in one statement of one client.
 */
export type PostgresFigure =
  | { readonly rate: number; readonly batchedRate: number; readonly version: string }
  | { readonly skipped: string };

const ROOT = join(import.meta.dir, '../..');
const POSTGRES: Tool = { name: 'PostgreSQL', commands: ['psql'], debianPackage: 'postgresql' };
const CLIENTS = 64;
const USER = 'postgres';

/**
 * A cluster of its own in a temporary folder, reached over a unix socket, with the settings of Debian but for
 * a larger cache.
 */
export async function measurePostgres(seconds: number): Promise<PostgresFigure> {
  const tool = await ensureTool(POSTGRES, ROOT);
  if ('missing' in tool) return { skipped: tool.missing };
  const bin = binaries();
  if (bin === null) return { skipped: 'the server programs of PostgreSQL are not in /usr/lib/postgresql' };
  const dir = mkdtempSync(join(tmpdir(), 'tapgrid-postgres-'));
  const asUser = process.getuid?.() === 0 ? ['runuser', '-u', USER, '--'] : [];
  const run = (...words: string[]) => text([...asUser, ...words], dir);
  try {
    if (asUser.length > 0)
      chownSync(
        dir,
        Number(await text(['id', '-u', USER], dir)),
        Number(await text(['id', '-g', USER], dir)),
      );
    chmodSync(dir, 0o700);
    await run(
      join(bin, 'initdb'),
      '--pgdata',
      join(dir, 'data'),
      '--auth',
      'trust',
      '--username',
      USER,
      '--locale',
      'C',
      '--encoding',
      'UTF8',
    );
    await run(
      join(bin, 'pg_ctl'),
      '--pgdata',
      join(dir, 'data'),
      '--log',
      join(dir, 'server.txt'),
      '--wait',
      '--options',
      `-k ${dir} -c listen_addresses= -c shared_buffers=512MB -c max_connections=${CLIENTS + 10}`,
      'start',
    );
    try {
      const to = ['--host', dir, '--username', USER];
      await input(
        [...asUser, 'psql', ...to, '--quiet', '--set', 'ON_ERROR_STOP=1', 'postgres'],
        join(import.meta.dir, 'postgres-schema.sql'),
        dir,
      );
      await Bun.write(join(dir, 'bet.sql'), Bun.file(join(import.meta.dir, 'postgres-bet.sql')));
      chmodSync(join(dir, 'bet.sql'), 0o644);
      const said = await run(
        join(bin, 'pgbench'),
        ...to,
        '--no-vacuum',
        '--protocol',
        'prepared',
        '--client',
        String(CLIENTS),
        '--jobs',
        '2',
        '--time',
        String(seconds),
        '--file',
        join(dir, 'bet.sql'),
        'postgres',
      );
      const rate = Number(/tps = ([\d.]+)/.exec(said)?.[1]);
      if (!(rate > 0)) throw new Error(`pgbench told no rate: ${said}`);
      const batchedRate = await measureBatches(join(dir, '.s.PGSQL.5432'), USER, seconds);
      return { rate, batchedRate, version: (await text([join(bin, 'postgres'), '--version'], dir)).trim() };
    } finally {
      await run(join(bin, 'pg_ctl'), '--pgdata', join(dir, 'data'), '--mode', 'immediate', 'stop');
    }
  } catch (cause) {
    return { skipped: messageOf(cause) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function binaries(): string | null {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return null;
  const versions = readdirSync(base)
    .filter((name) => existsSync(join(base, name, 'bin/pgbench')))
    .sort((a, b) => Number(b) - Number(a));
  return versions[0] === undefined ? null : join(base, versions[0], 'bin');
}

async function text(
  words: readonly string[],
  cwd: string,
  stdin?: ReturnType<typeof Bun.file>,
): Promise<string> {
  // A server that goes on in the background would keep a pipe open: what is told goes to a file.
  const out = Bun.file(join(cwd, `out-${crypto.randomUUID()}`));
  const child = Bun.spawn([...words], { cwd, stdin: stdin ?? 'ignore', stdout: out, stderr: out });
  const code = await child.exited;
  const said = await out.text();
  if (code !== 0)
    throw new Error(`${words.find((word) => !word.startsWith('-'))} ended with ${code}: ${said.slice(-300)}`);
  return said;
}

const input = (words: readonly string[], file: string, cwd: string): Promise<string> =>
  text(words, cwd, Bun.file(file));
