import { isFailure } from './failure.ts';

/** What sockets, names and waiting fail with while a machine, or the way to it, is away. */
const UNANSWERED = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'TimeoutError',
  'AbortError',
]);

/** Whether this, or what caused it, is that nobody answers. */
export function isUnanswered(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as { readonly code?: unknown };
  if (isFailure(cause, 'not_reached')) return true;
  return UNANSWERED.has(String(code)) || UNANSWERED.has(cause.name) || isUnanswered(cause.cause);
}
