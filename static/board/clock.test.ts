import { expect, test } from 'bun:test';
import { ServerClock } from './clock.js';

test('the frame that was under way for the shortest time sets the clock', () => {
  const clock = new ServerClock(1_000_000);
  const here = performance.now();
  // The server is ten seconds ahead of what the page was told; frames are 300, 20 and 500 ms late.
  for (const late of [300, 20, 500]) clock.hear(1_010_000 + (performance.now() - here) - late);
  // A jump is taken at once, a small correction is slewed: within one step of the truth either way.
  expect(Math.abs(clock.now() - (1_010_000 - 300 + (performance.now() - here)))).toBeLessThan(20);
  for (let i = 0; i < 200; i++) clock.hear(1_010_000 + (performance.now() - here) - 20);
  expect(Math.abs(clock.now() - (1_010_000 - 20 + (performance.now() - here)))).toBeLessThan(5);
});
