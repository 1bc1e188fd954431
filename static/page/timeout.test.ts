import { afterEach, expect, test } from 'bun:test';
import { timeoutAfter } from './timeout.js';

const own = AbortSignal.timeout;
afterEach(() => void (AbortSignal.timeout = own));

test.each([
  ['with', own],
  ['without', undefined],
])('a call ends in a browser %s AbortSignal.timeout', async (_, timeout) => {
  Object.assign(AbortSignal, { timeout });
  const signal = timeoutAfter(1);
  expect(signal.aborted).toBe(false);
  await new Promise((ended) => signal.addEventListener('abort', ended));
  expect(signal.aborted).toBe(true);
});
