/**
 * A signal that ends a call after some time. Browsers of before 2023 lack `AbortSignal.timeout`, and each
 * call would fail there before it was made.
 * @param {number} ms
 */
export function timeoutAfter(ms) {
  if (AbortSignal.timeout) return AbortSignal.timeout(ms);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}
