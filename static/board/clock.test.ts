import { afterEach, expect, spyOn, test } from 'bun:test';
import { ServerClock } from './clock.js';

const device = { now: 5_000 };
const steady = spyOn(performance, 'now').mockImplementation(() => device.now);
afterEach(() => steady.mockRestore());

test('the frame that was under way for the shortest time sets the clock', () => {
  const clock = new ServerClock(1_000_000);
  // The server is ten seconds ahead of what the page was told; frames are 300, 20 and 500 ms late.
  const hear = (late: number): void => clock.hear(1_010_000 + (device.now - 5_000) - late);
  for (const late of [300, 20, 500]) {
    device.now += 100;
    hear(late);
  }
  // A jump is taken at once, a small correction is slewed: within one step of the truth either way.
  expect(Math.abs(clock.now() - (1_010_000 - 300 + (device.now - 5_000)))).toBeLessThan(20);
  for (let i = 0; i < 200; i++) {
    device.now += 100;
    hear(20);
  }
  expect(Math.abs(clock.now() - (1_010_000 - 20 + (device.now - 5_000)))).toBeLessThan(5);
});
