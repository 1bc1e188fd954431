import { afterEach, expect, test } from 'bun:test';
import { startTicker } from './ticker.ts';
import { stopAll, stops } from '../../test/exchange-replica/line.ts';
import { speakerOnItsOwnThread } from '../../test/exchange-replica/own-thread.ts';

afterEach(stopAll);

test.each([
  ['made of what has arrived meanwhile', Infinity, 'newer'],
  ['made at once where it is too late already', 0, 'first'],
])('a tick that a busy loop delays is %s', async (_, readOnMsMax, made) => {
  const speaker = await speakerOnItsOwnThread();
  stops.push(() => speaker.stop());
  const socket = new WebSocket(speaker.url);
  stops.push(() => socket.terminate());
  let newest = '';
  const heardFirst = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => {
    newest = String(data);
    heardFirst.resolve();
  };
  await heardFirst.promise;

  const { promise: seen, resolve: see } = Promise.withResolvers<string>();
  // Both timers are due when the loop comes round, the busy one first.
  setTimeout(() => speaker.sayWhileWeWait('newer'), 1);
  const ticker = startTicker(
    5,
    () => see(newest),
    () => {},
    readOnMsMax,
  );
  stops.push(() => ticker.stop());
  const until = performance.now() + 10;
  while (performance.now() < until);
  expect(await seen).toBe(made);
});

test('nothing ticks once it is stopped, not even what was due', async () => {
  let steps = 0;
  const ticker = startTicker(
    5,
    () => void steps++,
    () => {},
    Infinity,
  );
  const until = performance.now() + 10;
  while (performance.now() < until);
  // Its timer runs before this immediate, and what it has put off after.
  await new Promise((resolve) => setImmediate(resolve));
  ticker.stop();
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(steps).toBe(0);
});
