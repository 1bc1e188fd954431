import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, loadSupervision } from './config.ts';
import { listenForEdges } from './link/unix-socket.ts';
import { DATABASE_FILE } from './store/books-files.ts';
import { openReceiver } from '../test/stage/notify-receiver.ts';

/** The real process, as a service manager and a proxy on the same machine see it. */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-supervised-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (env: Record<string, string>) =>
  Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
    env: { PATH: process.env.PATH, FEED: 'walk:1', EDGES: '0', LOG_LEVEL: 'error', ...env },
    stdout: 'ignore',
    stderr: 'pipe',
  });

async function until<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
): Promise<Found> {
  for (let tries = 0; tries < 4_000; tries++) {
    const found = await look();
    if (found) return found;
    await Bun.sleep(25);
  }
  throw new Error(`waited in vain for ${what}`);
}

test(
  'ready is said when requests are answered, life while it lives, stopping at the end; the socket is ' +
    'for owner and group and goes away',
  async () => {
    const [notifySocket, listenSocket] = [join(folder, 'notify'), join(folder, 'http.sock')];
    const receiver = openReceiver(notifySocket);
    const server = start({
      DATA_DIR: join(folder, 'a'),
      NOTIFY_SOCKET: notifySocket,
      WATCHDOG_USEC: '600000',
      LISTEN_SOCKET: listenSocket,
    });
    const heard: string[] = [];
    const hear = (state: string) =>
      until(state, () => (heard.push(...receiver.read()), heard.find((one) => one.startsWith(state))));
    expect(await hear('READY=1')).toBe('READY=1\nSTATUS=Prices: simulated prices');
    expect((await fetch('http://taps.example/api/v1/chain', { unix: listenSocket })).status).toBe(200);
    expect((statSync(listenSocket).mode & 0o777).toString(8)).toBe('660');
    await until(
      'three signs of life',
      () => (heard.push(...receiver.read()), heard.filter((one) => one === 'WATCHDOG=1').length >= 3),
    );
    expect(heard).not.toContain('STOPPING=1');
    server.kill('SIGTERM');
    await hear('STOPPING=1');
    expect(await server.exited).toBe(0);
    expect(existsSync(listenSocket)).toBe(false);
    receiver.close();
  },
);

test('a start with a wrong setting ends as every wrong command line does', async () => {
  const wrong = start({ DATA_DIR: join(folder, 'e'), QUORUM: '99' });
  expect([await wrong.exited, await new Response(wrong.stderr).text()]).toEqual([
    2,
    expect.stringContaining('QUORUM is "99"'),
  ]);
  expect(existsSync(join(folder, 'e'))).toBe(false);
});

test('of a house with edges the supervisor alone is heard: ready when all are, life while the engine lives, stopping at the end', async () => {
  const [notifySocket, listenSocket] = [join(folder, 'notify-edges'), join(folder, 'edges.sock')];
  const receiver = openReceiver(notifySocket);
  const server = start({
    DATA_DIR: join(folder, 'edges'),
    EDGES: '1',
    NOTIFY_SOCKET: notifySocket,
    WATCHDOG_USEC: '6000000',
    LISTEN_SOCKET: listenSocket,
  });
  const heard: string[] = [];
  const hear = (state: string) =>
    until(state, () => (heard.push(...receiver.read()), heard.find((one) => one.startsWith(state))));
  expect(await hear('READY=1')).toBe('READY=1\nSTATUS=engine and 1 edge');
  expect((await fetch('http://taps.example/api/v1/chain', { unix: listenSocket })).status).toBe(200);
  await hear('WATCHDOG=1');
  expect(heard.filter((one) => one.startsWith('READY'))).toHaveLength(1);
  server.kill('SIGTERM');
  await hear('STOPPING=1');
  expect(await server.exited).toBe(0);
  expect(heard.filter((one) => one.startsWith('STOPPING'))).toHaveLength(1);
  expect(existsSync(listenSocket)).toBe(false);
  receiver.close();
});

describe('an edge that a service manager starts', () => {
  const dataDir = join(folder, 'roles');
  const settings = join(folder, 'roles.env');
  const listenSocket = join(folder, 'edge.sock');
  const role = (ROLE: 'engine' | 'edge', env: Record<string, string> = {}) =>
    start({ ROLE, EDGES: '1', DATA_DIR: dataDir, SETTINGS_FILE: settings, ...env });
  const answers = () =>
    fetch('http://taps.example/readyz', { unix: listenSocket }).then(
      ({ ok }) => ok,
      () => false,
    );

  test('waits for its engine, then says that its loop comes round; it goes on with the next engine, and restarts where that has other settings', async () => {
    writeFileSync(settings, 'TAPS_PER_SECOND_MAX=20\n');
    const notifySocket = join(folder, 'notify-edge');
    const receiver = openReceiver(notifySocket);
    const edge = role('edge', {
      LISTEN_SOCKET: listenSocket,
      NOTIFY_SOCKET: notifySocket,
      WATCHDOG_USEC: '400000',
    });
    const heard: string[] = [];
    const hear = (state: string, times = 1) =>
      until(
        state,
        () => (heard.push(...receiver.read()), heard.filter((one) => one.startsWith(state)).length >= times),
      );
    await Bun.sleep(500);
    expect([receiver.read(), edge.exitCode]).toEqual([[], null]);
    let engine = role('engine');
    await hear('READY=1\nSTATUS=serving');
    await hear('WATCHDOG=1', 3);
    expect(await answers()).toBe(true);
    const again = async (): Promise<void> => {
      engine.kill('SIGKILL');
      await engine.exited;
      engine = role('engine');
    };
    await again();
    const board = () =>
      fetch('http://taps.example/api/v1/grid', { unix: listenSocket }).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('the board again', board);
    expect(edge.exitCode).toBe(null);

    // Books that are gone cannot be opened anew: it keeps those that it has.
    edge.kill('SIGSTOP');
    await again();
    const operations = (path: string): Promise<string> =>
      fetch(`http://operations${path}`, { unix: join(dataDir, 'operations.sock') }).then(
        (response) => response.text(),
        () => '',
      );
    await until('the next engine', async () => (await operations('/healthz')).includes('"chain"'));
    renameSync(join(dataDir, DATABASE_FILE), join(folder, DATABASE_FILE));
    await until('the loss', async () => (await operations('/healthz')).includes('books_gone'));
    edge.kill('SIGCONT');
    // What it has counted reaches the engine a while after it has found it.
    await until('its figures', async () => {
      await fetch('http://taps.example/rules', { unix: listenSocket }).catch(() => null);
      return (await operations('/metrics')).includes('route="/rules"');
    });
    expect(edge.exitCode).toBe(null);
    renameSync(join(folder, DATABASE_FILE), join(dataDir, DATABASE_FILE));
    await again();
    await until('the board again', board);

    writeFileSync(settings, 'TAPS_PER_SECOND_MAX=21\n');
    await again();
    expect(await edge.exited).toBe(70);
    engine.kill('SIGTERM');
    expect(await engine.exited).toBe(0);
    receiver.close();
  }, 60_000);

  test('restarts where an engine of another build starts after it, and stays beside one that was there', async () => {
    const path = join(folder, 'other.sock');
    const edge = () => role('edge', { LINK_SOCKET: path, LISTEN_SOCKET: join(folder, 'of-other.sock') });
    const met = Promise.withResolvers<void>();
    const nobody = Bun.listen({
      unix: path,
      socket: {
        data() {},
        open(line) {
          line.end();
          met.resolve();
        },
      },
    });
    const early = edge();
    await met.promise;
    nobody.stop(true);
    rmSync(path, { force: true });
    let dialled = 0;
    const other = listenForEdges(path, (line) => {
      dialled += 1;
      line.send(JSON.stringify([{ t: 'hello', version: 999, build: '9.9.9', run: 'run' }]));
      return { frame() {}, closed() {} };
    });
    expect(await early.exited).toBe(70);
    const beside = edge();
    // It hears of the same engine again and again.
    const before = dialled;
    await until('three tries', () => dialled >= before + 3);
    expect(beside.exitCode).toBe(null);
    beside.kill('SIGKILL');
    await beside.exited;
    other.stop();
  }, 60_000);
});

test.each(['0', '1'])(
  'a house with %s edges that a process manager started over a channel ends when it is told to, not with the channel',
  async (edges) => {
    const listenSocket = join(folder, `channel-${edges}.sock`);
    const server = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
      env: {
        PATH: process.env.PATH,
        FEED: 'walk:1',
        LOG_LEVEL: 'error',
        DATA_DIR: join(folder, `channel-${edges}`),
        EDGES: edges,
        LISTEN_SOCKET: listenSocket,
      },
      stdout: 'ignore',
      stderr: 'inherit',
      ipc() {},
    });
    const answers = () =>
      fetch('http://taps.example/api/v1/chain', { unix: listenSocket }).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('an answer', answers);
    server.disconnect();
    await Bun.sleep(100);
    expect(await answers()).toBe(true);
    server.kill('SIGINT');
    expect(await server.exited).toBe(0);
  },
);

describe('a house with an edge', () => {
  test('makes no books where its port is in use', async () => {
    const dataDir = join(folder, 'no-port');
    using taken = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const house = start({ EDGES: '1', HOST: '127.0.0.1', PORT: `${taken.port}`, DATA_DIR: dataDir });
    expect(await house.exited).toBe(1);
    expect(await new Response(house.stderr).text()).toStartWith(
      `Cannot listen on 127.0.0.1:${taken.port} (HOST, PORT): `,
    );
    expect(existsSync(join(dataDir, DATABASE_FILE))).toBe(false);
  });

  test('ends as with any wrong setting where its engine finds one', async () => {
    const house = start({
      EDGES: '1',
      PORT: '0',
      DATA_DIR: join(folder, 'no-feed'),
      FEED: 'replay:absent.csv',
    });
    expect(await house.exited).toBe(2);
    expect(await new Response(house.stderr).text()).toContain('FEED=replay:absent.csv cannot be used');
  });
});

describe('the path of the socket', () => {
  test('a socket that a killed server left behind is taken over, one that is in use is not', async () => {
    const listenSocket = join(folder, 'left.sock');
    const answers = () =>
      fetch('http://x/readyz', { unix: listenSocket }).then(
        ({ ok }) => ok,
        () => false,
      );
    const killed = start({ DATA_DIR: join(folder, 'b'), LISTEN_SOCKET: listenSocket });
    await until('the first server', answers);
    killed.kill('SIGKILL');
    await killed.exited;
    expect([existsSync(listenSocket), await answers()]).toEqual([true, false]);
    const heir = start({ DATA_DIR: join(folder, 'b'), LISTEN_SOCKET: listenSocket });
    await until('the second server', answers);
    const rival = start({ DATA_DIR: join(folder, 'c'), LISTEN_SOCKET: listenSocket });
    expect([await rival.exited, await new Response(rival.stderr).text()]).toEqual([
      1,
      `Cannot listen on ${listenSocket} (LISTEN_SOCKET): another process listens on it\n`,
    ]);
    expect(await answers()).toBe(true);
    heir.kill('SIGTERM');
    await heir.exited;
  });

  test('a file is not a socket and stays', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'precious');
    const server = start({ DATA_DIR: join(folder, 'd'), LISTEN_SOCKET: path });
    expect([
      await server.exited,
      await new Response(server.stderr).text(),
      await Bun.file(path).text(),
    ]).toEqual([
      1,
      `Cannot listen on ${path} (LISTEN_SOCKET): a file that is not a socket has this name\n`,
      'precious',
    ]);
  });

  test.each(['http.sock', '/', `/${'x'.repeat(107)}`, '/run/a b'])('%j is refused', (path) =>
    expect(loadConfig({ LISTEN_SOCKET: path })).toMatchObject({ errors: [{ key: 'LISTEN_SOCKET' }] }),
  );
});

describe('what the service manager says', () => {
  test.each([
    [{}, null, null],
    [{ NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '30000000' }, '/run/n', 30_000],
    [{ NOTIFY_SOCKET: '@n', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, '@n', 30_000],
    [{ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, null, null],
    [{ WATCHDOG_USEC: '0' }, null, null],
    [{ WATCHDOG_USEC: 'soon' }, null, null],
  ])('%j', (env, notifySocket, watchdogMs) =>
    expect(loadSupervision(env, 7)).toEqual({ notifySocket, watchdogMs }),
  );
});

describe('credentials', () => {
  const credentials = join(folder, 'credentials');
  mkdirSync(credentials);
  writeFileSync(join(credentials, 'tapgrid_REDIS_URL'), 'redis://:s3cret@127.0.0.1:6379\n');
  writeFileSync(join(credentials, 'tapgrid_PORT'), '4000\n');
  const redisUrl = (env: Record<string, string>) => {
    const result = loadConfig({ CREDENTIALS_DIRECTORY: credentials, ...env });
    return 'ok' in result ? [result.ok.redisUrl, result.ok.port] : result.errors;
  };

  test('secrets are read from there, other settings are not', () =>
    expect(redisUrl({})).toEqual(['redis://:s3cret@127.0.0.1:6379', 3000]));
  test('the environment wins', () =>
    expect(redisUrl({ REDIS_URL: 'redis://other:1' })).toEqual(['redis://other:1', 3000]));
  test('a folder without them is as good as none', () =>
    expect(redisUrl({ CREDENTIALS_DIRECTORY: folder })).toEqual([null, 3000]));
  test('a wrong secret is not shown', () => {
    writeFileSync(join(credentials, 'tapgrid_REDIS_URL'), 'http://:s3cret@redis.example');
    expect(redisUrl({})).toMatchObject([{ key: 'REDIS_URL', given: '(not shown)' }]);
  });
});
