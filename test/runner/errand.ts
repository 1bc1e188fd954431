/** A command that fetches or builds something: how long it takes is up to the line and the machine. */
export interface Errand {
  readonly words: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What it prints is added to this file. */
  readonly log: string;
  /** Files and folders that grow while it gets on. */
  readonly grows: readonly string[];
}

export interface Patience {
  /** It is ended when nothing has grown for so long; a slow line alone never ends it. */
  readonly stillMsMax: number;
  /** Time between two looks. */
  readonly lookMs: number;
  /** Begun so often before it is given up: what has arrived is kept, so it goes on where it stopped. */
  readonly triesMax: number;
}

const PATIENCE: Patience = { stillMsMax: 5 * 60_000, lookMs: 5_000, triesMax: 3 };

/**
 * Runs an errand for as long as it gets on.
 * @param told called at each look with the bytes that have arrived since the beginning
 * @returns whether it ended well
 */
export async function run(
  errand: Errand,
  progress: (bytes: number) => void = () => {},
  patience: Patience = PATIENCE,
): Promise<boolean> {
  const before = sizeOf(errand.grows);
  for (let tries = 0; tries < patience.triesMax; tries++) {
    if (await once(errand, (bytes) => progress(Math.max(0, bytes - before)), patience)) return true;
  }
  return false;
}

async function once(errand: Errand, progress: (bytes: number) => void, patience: Patience): Promise<boolean> {
  const output = Bun.spawn(['sh', '-c', 'exec "$@" >>"$0" 2>&1', errand.log, ...errand.words], {
    cwd: errand.cwd,
    env: errand.env,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  let [size, movedAtMs] = [-1, performance.now()];
  const look = setInterval(() => {
    const now = sizeOf([errand.log, ...errand.grows]);
    if (now !== size) [size, movedAtMs] = [now, performance.now()];
    else if (performance.now() - movedAtMs > patience.stillMsMax) output.kill('SIGTERM');
    progress(sizeOf(errand.grows));
  }, patience.lookMs);
  const exitCode = await output.exited;
  clearInterval(look);
  return exitCode === 0;
}

/** Bytes on disk; what is not there yet has none. */
function sizeOf(paths: readonly string[]): number {
  const { stdout } = Bun.spawnSync(['du', '-sk', ...paths], { stderr: 'ignore' });
  return (
    stdout
      .toString()
      .split('\n')
      .reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0) * 1_024
  );
}
