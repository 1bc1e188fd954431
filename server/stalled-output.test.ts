import { afterEach, expect, test } from 'bun:test';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real server, whose standard output is a pipe that nobody empties. */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-stalled-'));
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('a reader that has stopped reading stops neither the prices nor the end, and misses no line once it reads again', async () => {
  const [path, listenSocket] = [join(folder, 'pipe'), join(folder, 'http.sock')];
  expect(Bun.spawnSync(['mkfifo', path]).exitCode).toBe(0);
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const write = openSync(path, constants.O_WRONLY);
  const filler = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  ends.push(() => [read, filler].map((one) => closeSync(one)));
  const filled = fill(filler);

  const server = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      FEED: 'walk:1',
      EDGES: '0',
      DATA_DIR: join(folder, 'data'),
      LISTEN_SOCKET: listenSocket,
    },
    stdin: 'ignore',
    stdout: write,
    stderr: 'inherit',
  });
  ends.push(() => server.kill('SIGKILL'));
  closeSync(write);
  const ask = (path: string) =>
    fetch(`http://x${path}`, { unix: listenSocket, signal: AbortSignal.timeout(20_000) });
  const isReady = () =>
    ask('/readyz').then(
      ({ ok }) => ok,
      () => false,
    );
  for (let tries = 0; !(await isReady()) && tries < 1_200; tries++) await Bun.sleep(50);
  const newest = async () =>
    ((await (await ask('/api/v1/ticks?from=0')).json()) as { ticks: { seq: number }[] }).ticks.length;
  const before = await newest();
  for (let tries = 0; (await newest()) === before && tries < 1_200; tries++) await Bun.sleep(50);
  expect(await newest()).toBeGreaterThan(before);

  server.kill('SIGTERM');
  const text = await emptied(read, server);
  expect([server.exitCode, text.slice(0, filled).replaceAll('x', '')]).toEqual([0, '']);
  const lines = text
    .slice(filled)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string });
  const said = lines.map(({ msg }) => msg);
  expect([
    said[0]!.startsWith('prices: '),
    said.some((msg) => msg.startsWith('Tapgrid is ready')),
    said.at(-1),
  ]).toEqual([true, true, 'stopping']);
}, 60_000);

/** Writes until there is no room. @returns how many bytes. */
function fill(descriptor: number): number {
  let filled = 0;
  try {
    for (;;) filled += writeSync(descriptor, 'x'.repeat(1024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return filled;
}

/** Reads until the process has ended and nothing is left. */
async function emptied(descriptor: number, { exited }: Bun.Subprocess): Promise<string> {
  const buffer = Buffer.alloc(1 << 20);
  let [text, over] = ['', false];
  void exited.then(() => (over = true));
  for (;;) {
    const last = over;
    try {
      for (let count = -1; count !== 0; text += buffer.subarray(0, count).toString())
        count = readSync(descriptor, buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    if (last) return text;
    await Bun.sleep(10);
  }
}
