import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { standardOutput } from './log-output.ts';

export type Log = Logger;

/**
 * Names whose values are secrets wherever they stand in a line, at most {@link REDACTED_DEPTH_MAX} objects
 * deep.
 */
export const SECRET_NAMES = [
  'token',
  'sessionToken',
  'cookie',
  'cookies',
  'set-cookie',
  'setCookie',
  'authorization',
  'Authorization',
  'Cookie',
  'Set-Cookie',
  'signature',
  'proof',
  'password',
  'secret',
  'redisUrl',
  'REDIS_URL',
] as const;

/** `{token}`, `{request: {token}}`, `{request: {headers: {token}}}` … */
export const REDACTED_DEPTH_MAX = 4;

const CENSOR = '[redacted]';

/**
 * Lines of JSON, written at once: asynchronous destinations lose what is in flight when the process ends.
 * Values under {@link SECRET_NAMES} are replaced; secrets must not stand in the message itself.
 * @param level one of pino's, or `silent`
 * @param destination standard output unless given
 */
export function createLog(level: string, destination: DestinationStream = standardOutput()): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: CENSOR },
  };
  return pino(options, destination);
}

/**
 * The same lines without the search for secrets, which costs ten times as much as the line: for records whose
 * fields are all named by the code that writes them, thousands a second.
 */
export const createRecordLog = (level: string, destination: DestinationStream = standardOutput()): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );

const SECRET_PATHS = SECRET_NAMES.flatMap((name) =>
  Array.from({ length: REDACTED_DEPTH_MAX }, (_, depth) => `${'*.'.repeat(depth).slice(0, -1)}["${name}"]`),
);
