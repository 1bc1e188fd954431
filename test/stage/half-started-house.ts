import { messageOf } from '../../server/ports/failure.ts';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../../server/compose.ts';
import { Opened } from '../../server/compose/opened.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/upkeep/log.ts';

/**
 * usage: bun half-started-house.ts <Redis URL> <venue=URL,…>
 *
 * Starts a house with everything that it can have, once whole, then again and again, each time failing behind
 * one part more. Prints what each start opened, what was closed, in order, and what of it is there still, one
 * line of JSON a start. This process ends by itself when nothing keeps it any more.
 */

/** What a start left, as {@link leftBehind} counts it. */
export interface HalfStart {
  /** The part behind which it failed; null for one that came to its end and was stopped. */
  readonly failedBehind: string | null;
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly left: readonly string[];
}

const [redisUrl, feedUrls] = process.argv.slice(2) as [string, string];
const CLOSED_WITHIN_MS = 5_000;

const timers = new Set<Timer>();
const workers = new Set<Worker>();
watchTimers();
watchWorkers();

// One house for all starts: each of them must let go of it.
const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-half-'));
const tokenFile = join(dataDir, 'token');
writeFileSync(tokenFile, 'a token that is long enough for an operator');
const report = (start: HalfStart): boolean => process.stdout.write(`${JSON.stringify(start)}\n`);
const whole = await startFailingBehind(null);
report(whole);
for (const part of whole.opened) report(await startFailingBehind(part));
rmSync(dataDir, { recursive: true, force: true });

async function startFailingBehind(part: string | null): Promise<HalfStart> {
  const loaded = loadConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    FEED: 'live',
    FEED_URLS: feedUrls,
    REDIS_URL: redisUrl,
    OPERATOR_TOKEN_FILE: tokenFile,
  });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const [opened, closed]: [string[], string[]] = [[], []];
  const before = new Set(leftBehind());
  const parts = new Opened((what, name) => {
    (what === 'opened' ? opened : closed).push(name);
    if (what === 'opened' && name === part) throw new Error(`what follows ${name} fails`);
  });
  const fatal = (cause: Error) => {
    throw cause;
  };
  try {
    const house = await compose(loaded.ok, createLog('silent'), fatal, undefined, parts);
    await house.stop();
  } catch (cause) {
    if (!messageOf(cause).startsWith('what follows')) throw cause;
  }
  const left = await settled(() => leftBehind().filter((one) => !before.has(one)));
  return { failedBehind: part, opened, closed, left };
}

/** The other end of a line that was closed may take a moment to say so. */
async function settled(look: () => string[]): Promise<string[]> {
  for (const until = Date.now() + CLOSED_WITHIN_MS; Date.now() < until; await Bun.sleep(10))
    if (look().length === 0) return [];
  return look();
}

/** Open files of the house, sockets, timers and workers of this process, each once. */
function leftBehind(): string[] {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(dataDir) || target.startsWith('socket:') ? [target] : [];
    } catch {
      return [];
    }
  });
  return [
    ...files,
    ...[...timers].map((timer) => `timer ${Number(timer)}`),
    ...[...workers].map((_, index) => `worker ${index}`),
  ];
}

/**
 * Those that keep no process alive count too; not the one by which the framework empties a cache that all of
 * its apps share.
 */
function watchTimers(): void {
  const isShared = (): boolean => /elysia\/dist\/sucrose/.test(new Error('made here').stack ?? '');
  const { setInterval: every, setTimeout: once, clearInterval: end } = globalThis;
  const stop = (timer: Timer): void => {
    timers.delete(timer);
    end(timer);
  };
  const begin = (run: () => void, ms?: number): Timer => {
    const timer = every(run, ms);
    timers.add(timer);
    return timer;
  };
  const delay = (run: () => void, ms?: number): Timer => {
    const timer = once(() => {
      timers.delete(timer);
      run();
    }, ms);
    if (!isShared()) timers.add(timer);
    return timer;
  };
  Object.assign(globalThis, {
    setInterval: begin,
    setTimeout: delay,
    clearInterval: stop,
    clearTimeout: stop,
  });
}

function watchWorkers(): void {
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Original>) {
      super(...args);
      workers.add(this);
      this.addEventListener('close', () => void workers.delete(this));
    }
  } as typeof Original;
}
