import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../..');
const READY_MS_MAX = 60_000;

/** A server of its own process, on made-up prices and a free port. */
export interface ServerProcess {
  readonly pid: number;
  readonly origin: string;
  /** All that it logged so far. */
  log(): string;
  /** Asks it to end. @returns its exit code */
  stop(): Promise<number>;
  kill(): Promise<void>;
}

/** A start that came to nothing. */
export interface NotServing {
  readonly code: number;
  readonly error: string;
}

/** Starts `server/main.ts` and waits until it is ready, or has ended. */
export async function startServer(
  settings: Readonly<Record<string, string>>,
): Promise<ServerProcess | NotServing> {
  const child = Bun.spawn([process.execPath, join(ROOT, 'server/main.ts')], {
    cwd: ROOT,
    env: {
      ...process.env,
      FEED: 'walk:5:1',
      PORT: '0',
      EDGES: '0',
      LOG_LEVEL: 'info',
      BREAKER_HYSTERESIS_MS: '0',
      ...settings,
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let log = '';
  const reading = (async () => {
    for await (const chunk of child.stdout) log += new TextDecoder().decode(chunk);
  })();
  const error = new Response(child.stderr).text();
  const originIn = (): string | undefined => /Tapgrid is ready: open (http:[^"]+)"/.exec(log)?.[1];
  for (const until = performance.now() + READY_MS_MAX; originIn() === undefined; await Bun.sleep(20)) {
    if (child.exitCode !== null) return { code: child.exitCode, error: await error };
    if (performance.now() < until) continue;
    child.kill('SIGKILL');
    throw new Error(`the server did not become ready: ${log}`);
  }
  const ended = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number> => {
    if (child.exitCode === null) child.kill(signal);
    await Promise.all([child.exited, reading, error]);
    return child.exitCode ?? -1;
  };
  return {
    pid: child.pid,
    origin: originIn()!,
    log: () => log,
    stop: () => ended('SIGTERM'),
    kill: async () => void (await ended('SIGKILL')),
  };
}

/** @throws Error where the start came to nothing. */
export async function serving(settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const started = await startServer(settings);
  if ('code' in started) throw new Error(`the server ended with ${started.code}: ${started.error}`);
  return started;
}
