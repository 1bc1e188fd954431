import { afterEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { BEAT, READY } from './member.ts';
import { Supervisor } from './supervisor.ts';

/** Real processes, each a line of code. */
const IS_READY = `process.send('${READY}'); setInterval(() => process.send('${BEAT}'), 50);`;

let running: Supervisor | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

function supervise(engine: string, edges: readonly string[] = []) {
  const heard: string[] = [];
  const codes: number[] = [];
  let ready = 0;
  const log = (_: unknown, message: string) => void heard.push(message);
  const env = (code: string) => ({ PATH: process.env['PATH'], CODE: code });
  const supervisor = new Supervisor({
    command: [process.execPath, '-e', 'await (0, eval)(`(async () => {${process.env.CODE}})()`)'],
    engine: env(engine),
    edges: edges.map(env),
    log: { warn: log, error: log },
    steadyMs: () => performance.now(),
    onReady: () => void ready++,
    onAlive() {},
    onRefused: (code) => void codes.push(code),
  });
  running = supervisor;
  return { supervisor, heard, codes, ready: () => ready };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 5_000; tries++) await Bun.sleep(20);
  expect(holds()).toBe(true);
}

describe('a house of several processes', () => {
  test('is ready when all are, once', async () => {
    const { ready, supervisor } = supervise(IS_READY, [`await Bun.sleep(300); ${IS_READY}`]);
    await until(() => supervisor.members[0]!.isReady);
    expect(ready()).toBe(0);
    await until(() => ready() === 1);
    // A list of processes tells them apart.
    const shown = supervisor.members.map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    expect(shown.map((words) => words.split('\0')[0])).toEqual(['tapgrid-engine', 'tapgrid-edge-1']);
    process.kill(supervisor.members[1]!.pid!, 'SIGKILL');
    await until(() => supervisor.members[1]!.restarts === 1 && supervisor.members[1]!.isReady);
    expect(ready()).toBe(1);
  });

  test('is none where a process ends before it was ready: the others are stopped, and its code is handed on', async () => {
    const { codes, supervisor, heard } = supervise('process.exit(3)', [IS_READY]);
    await until(() => codes.length > 0);
    expect([codes, heard]).toEqual([[3], []]);
    expect(supervisor.members.map(({ restarts }) => restarts)).toEqual([0, 0]);
  });

  test('starts anew what ends again and again with patience that doubles', async () => {
    const { supervisor } = supervise(IS_READY, [`${IS_READY} setTimeout(() => process.exit(1), 20);`]);
    const [, edge] = supervisor.members;
    await until(() => edge!.restarts >= 1);
    const from = performance.now();
    await until(() => edge!.restarts >= 4);
    // 100, 200 and 400 ms were waited between these four ends.
    expect(performance.now() - from).toBeGreaterThan(690);
  });

  test('ends a process whose loop stands still, and no other', async () => {
    const { supervisor, heard, ready } = supervise(IS_READY, [IS_READY, IS_READY]);
    await until(() => ready() === 1);
    const [, still, other] = supervisor.members;
    const { pid } = other!;
    process.kill(still!.pid!, 'SIGSTOP');
    await until(() => still!.restarts === 1);
    expect(heard).toContain('the loop of edge-1 stands still: the process is ended');
    expect([other!.pid, other!.restarts, supervisor.members[0]!.restarts]).toEqual([pid, 0, 0]);
  });

  test('stops its edges before its engine, and hands on how the engine ended', async () => {
    const onTerm = (code: number) => `process.on('SIGTERM', () => process.exit(${code})); ${IS_READY}`;
    const slow = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 200)); ${IS_READY}`;
    const { supervisor, ready } = supervise(onTerm(70), [slow]);
    await until(() => ready() === 1);
    const [engine] = supervisor.members;
    const stopping = supervisor.stop();
    await Bun.sleep(50);
    expect(() => process.kill(engine!.pid!, 0)).not.toThrow();
    expect(await stopping).toBe(70);
  });
});
