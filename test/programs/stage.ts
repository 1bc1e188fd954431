import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { compose, type Tapgrid } from '../../server/compose.ts';
import { loadConfig } from '../../server/config.ts';

/**
 * The whole server, and other people's programs as processes of their own against it. There is no test in
 * this file.
 */

export const TIMEOUT_MS = 120_000;

export interface Stage {
  readonly folder: string;
  readonly tapgrid: Tapgrid;
  close(): Promise<void>;
}

export async function openStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tapgrid-programs-'));
  const loaded = loadConfig({
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    FEED: 'walk:programs',
    BREAKER_HYSTERESIS_MS: '0',
    ...settings,
  });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const tapgrid = await compose(loaded.ok, pino({ level: 'silent' }) as never, (cause) => {
    throw cause;
  });
  return {
    folder,
    tapgrid,
    close: async () => {
      await tapgrid.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns what it said. @throws Error with that when it fails. */
export async function run(
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = Bun.spawn([...command], {
    cwd,
    env: { ...process.env, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: TIMEOUT_MS,
  });
  const [out, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${errors || out}`);
  return out;
}

/** Null where the tool is there; else what is added to the name of a test, and a warning is told. */
export function missing(tool: string, ...probe: string[]): string | null {
  return leftOutUnless(
    Bun.which(tool) !== null && Bun.spawnSync([tool, ...probe]).success,
    [tool, ...probe].join(' '),
  );
}

/** The same for what was looked for otherwise. */
export function leftOutUnless(found: unknown, what: string): string | null {
  if (found) return null;
  console.warn(
    `LEFT OUT: ${what} cannot be had on this machine, so nobody saw here whether such a program gets in`,
  );
  return ': LEFT OUT, it is not installed';
}

/** What the bots import, with the versions that are fetched where the machine has none. */
export const PYTHON_PACKAGES = { requests: '2.32.5', websockets: '15.0.1', cryptography: '45.0.7' } as const;

const TOOLS = join(import.meta.dir, '../../.tools');

/**
 * Packages of Python that a program imports: those of the machine, else fetched once into the folder of
 * tools.
 * @param packages by the name they are imported by, with the version that is fetched.
 * @returns the environment to run it in; null where they cannot be had.
 */
export function pythonWith(
  packages: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | null {
  if (Bun.which('python3') === null) return null;
  const folder = join(TOOLS, 'python');
  const names = Object.keys(packages);
  const kept = { PYTHONPATH: folder };
  const works = (env: Readonly<Record<string, string>>) =>
    Bun.spawnSync(['python3', '-c', `import ${names.join(', ')}`], { env: { ...process.env, ...env } })
      .success;
  if (works({})) return {};
  if (!works(kept)) {
    const wanted = names.map((name) => `${name}==${packages[name]}`);
    Bun.spawnSync(
      [
        'python3',
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--retries',
        '1',
        '--timeout',
        '15',
        '--target',
        folder,
        ...wanted,
      ],
      { timeout: TIMEOUT_MS },
    );
  }
  return works(kept) ? kept : null;
}

/**
 * Builds a program in Go of one file, with the modules that it imports.
 * @param modules by path, with the version.
 * @returns where it is; null where Go or a module cannot be had.
 */
export function goProgram(file: string, modules: Readonly<Record<string, string>>): string | null {
  const go = Bun.which('go');
  if (go === null) return null;
  const home = join(TOOLS, 'go', 'bots');
  const program = join(home, 'bot');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'go.mod'),
    `module tapgrid.example/bots\n\n${Object.entries(modules)
      .map(([path, version]) => `require ${path} ${version}`)
      .join('\n')}\n`,
  );
  copyFileSync(file, join(home, 'main.go'));
  const { success } = Bun.spawnSync([go, 'build', '-mod=mod', '-o', program, '.'], {
    cwd: home,
    env: { ...process.env, GOWORK: 'off', CGO_ENABLED: '0' },
    timeout: TIMEOUT_MS,
  });
  return success ? program : null;
}

/** A line to the server on which every answer takes `ms` longer. */
export function slowLine(origin: string, ms: number): Promise<{ readonly base: string; close(): void }> {
  const { hostname, port } = new URL(origin);
  const line = createServer((client) => {
    const server = connect(Number(port), hostname);
    const end = () => void (client.destroy(), server.destroy());
    client
      .on('data', (bytes) => server.write(bytes))
      .on('close', end)
      .on('error', end);
    server
      .on('data', (bytes) => setTimeout(() => client.write(bytes), ms))
      .on('close', end)
      .on('error', end);
  });
  return new Promise((resolve) =>
    line.listen(0, hostname, () =>
      resolve({
        base: `http://${hostname}:${(line.address() as AddressInfo).port}`,
        close: () => void line.close(),
      }),
    ),
  );
}
