import { expect, test } from 'bun:test';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import { stepsOf } from './engine-side.ts';
import { Opened } from './opened.ts';

const TICK_MS = 20;
const STALL_MS = 700;

test('a loop that stands still for longer than a gap is counted and logged, a shorter while is not', async () => {
  const said: string[] = [];
  const log = { warn() {}, error: (_: unknown, text: string) => void said.push(text) } as never;
  const opened = new Opened();
  const of = (maxGapMs: number) => {
    const steps = stepsOf({ step() {} } as unknown as Engine, { tickMs: TICK_MS, maxGapMs } as Config, log);
    const both = new Promise<void>((resolve) => {
      let count = 0;
      steps.onStep(() => ++count === 2 && resolve());
    });
    steps.begin(opened);
    return { steps, both };
  };
  const [short, long] = [of(STALL_MS / 2), of(STALL_MS * 100)];
  await Promise.all([short.both, long.both]);
  Bun.sleepSync(STALL_MS);
  await new Promise((resolve) => setTimeout(resolve, TICK_MS * 2));
  expect([short.steps.stalls > 0, long.steps.stalls]).toEqual([true, 0]);
  expect(said).toContain('the engine stood still: windows over this time are a gap');
  await opened.close();
});
