import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepted, apiTrader } from '../test/stage/api-trader.ts';
import { childrenOf } from '../test/stage/processes.ts';
import { serving, startServer, type ServerProcess } from '../test/stage/server-process.ts';
import { EDGE_SILENT_MS_MAX } from './supervisor/supervisor.ts';

/**
 * A house of an engine and two edges as `npm start` runs it. Whatever becomes of an edge costs its own
 * clients a reconnect, nobody a bet, and the oracle no tick; whatever becomes of the engine costs no socket.
 */
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-edges-'));
const dataDir = join(folder, 'data');
/** Ticks come every 100 ms; one that was held up by an edge would be later than any busy machine makes it. */
const APART_MS_MAX = 1_000;

let house: ServerProcess;
beforeAll(async () => {
  const token = join(folder, 'token');
  writeFileSync(token, 'a token that is long enough for an operator');
  house = await serving({ DATA_DIR: dataDir, EDGES: '2', OPERATOR_TOKEN_FILE: token, MAX_GAP_MS: '3000' });
}, 90_000);
afterAll(async () => {
  await house?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const processesOf = (role: 'engine' | 'edge'): number[] => childrenOf(house.pid, `ROLE=${role}`);

async function until<Found>(
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
): Promise<Found> {
  for (let tries = 0; tries < 1_800; tries++) {
    const found = await look();
    if (found) return found;
    await Bun.sleep(50);
  }
  throw new Error(`waited in vain\n${house.log()}`);
}

/** Asks again where the connection led to a process that is no more, as a browser would. */
async function patiently<Found>(ask: () => Promise<Found>): Promise<Found> {
  for (let tries = 0; tries < 600; tries++) {
    try {
      return await ask();
    } catch {
      await Bun.sleep(100);
    }
  }
  return ask();
}

interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly tick?: { readonly seq: number; readonly at: number };
}

async function stream(): Promise<{ frames: Frame[]; socket: WebSocket; isOpen: () => boolean }> {
  const socket = new WebSocket(`${house.origin.replace('http', 'ws')}/api/v1/stream`);
  const frames: Frame[] = [];
  socket.onmessage = ({ data }) => void frames.push(JSON.parse(String(data)) as Frame);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return { frames, socket, isOpen: () => socket.readyState === WebSocket.OPEN };
}

/** The longest time between two ticks from then on, by the public log. */
async function longestApart(from: number): Promise<number> {
  const ticks = await patiently(async () => {
    const response = await fetch(`${house.origin}/api/v1/ticks?from=${from}&to=${Date.now()}`);
    return ((await response.json()) as { ticks: { at: number }[] }).ticks;
  });
  return Math.max(...ticks.slice(1).map(({ at }, index) => at - ticks[index]!.at));
}

describe('through an edge', () => {
  test('a trader taps and is answered by the engine; the bet and the balance are read where they were made', async () => {
    const trader = await apiTrader(house.origin);
    const { answer, order } = await trader.taken();
    const [betId] = accepted(answer);
    const { bets } = await trader.ask<{ bets: { id: string }[] }>('/api/v1/bets?status=open');
    expect(bets.map(({ id }) => id)).toContain(betId!);
    const account = await trader.ask<{ openStake: number }>('/api/v1/account');
    expect(account.openStake).toBeGreaterThan(0);
    // Another connection may lead to the other edge: it is told the first answer.
    const again = await trader.send(order);
    expect([again.replayed, accepted(again)]).toEqual([true, [betId!]]);
    const forged = { ...order, nonce: crypto.randomUUID() };
    expect((await trader.send(forged)).error?.code).toBe('bad_signature');
  });

  test('who signs out is signed out on every edge', async () => {
    const trader = await apiTrader(house.origin);
    await Promise.all(Array.from({ length: 8 }, () => trader.ask('/api/v1/account')));
    expect((await trader.change('DELETE', '/api/v1/session')).status).toBe(204);
    const statuses = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const response = await trader.change('GET', '/api/v1/account');
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
  });

  test('prices come without a hole', async () => {
    const { frames, socket } = await stream();
    await until(() => frames.filter(({ type }) => type === 'tick').length >= 10);
    const numbers = frames.flatMap(({ type, seq }) => (type === 'hello' || seq === undefined ? [] : [seq]));
    expect(numbers.every((seq, index) => index === 0 || seq - numbers[index - 1]! <= 1)).toBe(true);
    socket.close();
  });

  test('the operator’s page and the health are the engine’s, on listeners of their own', async () => {
    const page = await fetch('http://tapgrid/ops', { unix: join(dataDir, 'ops.sock') });
    expect([page.status, (await page.text()).includes('<form')]).toEqual([401, true]);
    expect((await fetch(`${house.origin}/ops`)).status).toBe(404);
    const metrics = async () =>
      (await fetch('http://tapgrid/metrics', { unix: join(dataDir, 'operations.sock') })).text();
    await until(async () =>
      /requests_total\{route="\/api\/v1\/taps",status="200"\} [1-9]/.test(await metrics()),
    );
    const health = await fetch('http://tapgrid/healthz', { unix: join(dataDir, 'operations.sock') });
    expect(health.status).toBe(200);
  });
});

describe('an edge', () => {
  test('that is stopped is ended and started anew, and the oracle has not waited for it', async () => {
    const from = Date.now();
    const before = processesOf('edge');
    const [stopped, other] = before as [number, number];
    process.kill(stopped, 'SIGSTOP');
    const after = await until(() => {
      const now = processesOf('edge');
      return now.length === 2 && !now.includes(stopped) && now;
    });
    expect(after).toContain(other);
    await until(() => house.log().includes('stands still'));
    const trader = await patiently(() => apiTrader(house.origin));
    expect(accepted((await patiently(trader.taken)).answer).length).toBe(1);
    const silentMs = Number(/"silentMs":(\d+)/.exec(house.log())?.[1]);
    expect(silentMs).toBeGreaterThanOrEqual(EDGE_SILENT_MS_MAX);
    expect(await longestApart(from)).toBeLessThan(APART_MS_MAX);
  }, 120_000);

  test('that is killed is started anew; an order that is sent again is told what became of it', async () => {
    const trader = await patiently(() => apiTrader(house.origin));
    const { order, answer } = await patiently(trader.taken);
    const from = Date.now();
    const edges = processesOf('edge');
    for (const pid of edges) process.kill(pid, 'SIGKILL');
    const again = await patiently(() => trader.send(order));
    expect([again.replayed, accepted(again)]).toEqual([true, accepted(answer)]);
    await until(() => {
      const now = processesOf('edge');
      return now.length === 2 && !now.some((pid) => edges.includes(pid));
    });
    expect(await longestApart(from)).toBeLessThan(APART_MS_MAX);
  }, 120_000);
});

describe('the engine', () => {
  test('that is killed starts anew, while sockets stay open and go on, and no acknowledged bet is lost', async () => {
    const trader = await patiently(() => apiTrader(house.origin));
    const { answer } = await patiently(trader.taken);
    const { frames, isOpen, socket } = await patiently(stream);
    await until(() => frames.some(({ type }) => type === 'tick'));
    const [engine] = processesOf('engine');
    // On a busy machine a new engine may be there before somebody has asked: nobody starts it until then.
    process.kill(house.pid, 'SIGSTOP');
    try {
      process.kill(engine!, 'SIGKILL');
      // What is asked meanwhile is answered by the edge: nobody knows.
      expect((await trader.tap()).answer.error?.code).toBe('unknown');
    } finally {
      process.kill(house.pid, 'SIGCONT');
    }
    await until(() => processesOf('engine').some((pid) => pid !== engine));
    const heard = frames.length;
    await until(() => frames.slice(heard).some(({ type }) => type === 'tick'));
    expect(isOpen()).toBe(true);
    socket.close();
    const [betId] = accepted(answer);
    const { status } = await trader.change('GET', `/api/v1/bets/${betId}/receipt`);
    expect(status).toBe(200);
    expect(accepted((await trader.taken()).answer).length).toBe(1);
  }, 120_000);
});

describe('the house', () => {
  test('stops as one, and leaves nobody behind', async () => {
    const all = [...processesOf('engine'), ...processesOf('edge')];
    expect(all.length).toBe(3);
    expect(await house.stop()).toBe(0);
    for (const pid of all) expect(() => process.kill(pid, 0)).toThrow();
  }, 120_000);

  test('whose supervisor is killed ends by itself, so that it can be started again', async () => {
    house = await serving({ DATA_DIR: dataDir, EDGES: '2' });
    const all = [...processesOf('engine'), ...processesOf('edge')];
    // One that was stopped sees nothing of it, until the system wakes it.
    process.kill(processesOf('edge')[0]!, 'SIGSTOP');
    await house.kill();
    await until(() => all.every((pid) => !isAlive(pid)));
    house = await serving({ DATA_DIR: dataDir, EDGES: '1' });
    expect((await fetch(`${house.origin}/api/v1/grid`)).status).toBe(200);
  }, 120_000);

  test('does not start on a port that another one has', async () => {
    const port = new URL(house.origin).port;
    const other = await startServer({ DATA_DIR: join(folder, 'other'), EDGES: '2', PORT: port });
    expect(other).toMatchObject({ code: 1, error: expect.stringContaining(`${port} (HOST, PORT)`) });
  }, 120_000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
