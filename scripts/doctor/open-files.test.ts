import { afterAll, expect, test } from 'bun:test';
import { files } from './open-files.ts';
import type { Asks } from './units.ts';

/** Processes with limits of their own stand for engine and edges. */
const running: Bun.Subprocess[] = [];
afterAll(() => running.forEach((one) => one.kill()));

async function limitedTo(filesMax: number): Promise<number> {
  const child = Bun.spawn(['sh', '-c', `ulimit -n ${filesMax} && echo set && exec sleep 60`], {
    stdout: 'pipe',
  });
  running.push(child);
  await child.stdout.getReader().read();
  return child.pid;
}

const unit = (pid: number): string =>
  `LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nMainPID=${pid}`;

const askOf =
  (units: readonly number[]): Asks =>
  ([, , name]) => {
    const pid = units[Number(/@(\d+)/.exec(name!)?.[1]) - 1];
    return pid === undefined ? 'LoadState=not-found' : unit(pid);
  };

test('each edge needs files for its share of the sockets, the engine beside them for none', async () => {
  const [few, many] = await Promise.all([limitedTo(1_500), limitedTo(3_000)]);
  const found = (edges: number, units: readonly number[], server: number | null = few) => {
    const { state, says } = files({ edges, socketsMax: 2_000 }, askOf(units), server);
    return `${state}: ${says}`;
  };
  expect(found(2, [many, many])).toBe('well: 3000 may be open, 2024 are needed');
  expect(found(2, [many, few])).toBe(
    'wrong: at most 1500 may be open, but 2024 are needed for SOCKETS_MAX=2000',
  );
  expect(found(1, [many])).toBe('wrong: at most 3000 may be open, but 3024 are needed for SOCKETS_MAX=2000');
  // A clone has no unit that could be changed.
  const adviceWith = (pids: readonly number[]) =>
    files({ edges: 2, socketsMax: 2_000 }, askOf(pids), few).todo;
  expect([adviceWith([many, few]), adviceWith([])]).toEqual([
    expect.stringContaining('LimitNOFILE'),
    expect.stringContaining('ulimit -n 2024'),
  ]);
  // One process that is all, or edges that the server has started itself.
  expect(found(0, [], many)).toStartWith('wrong: at most 3000 may be open, but 3024');
  expect(found(2, [], many)).toStartWith('well: 3000 may be open');
  expect(found(2, [0, 0], many)).toStartWith('well: 3000 may be open');
});
