import { messageOf } from '../ports/failure.ts';
import { Redis } from 'ioredis';

const WAIT_MS_MAX = 2_000;

/** Asks a Redis once. @returns why it does not answer, in words for an operator; null when it does. */
export async function probeRedis(url: string): Promise<string | null> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: WAIT_MS_MAX,
    commandTimeout: WAIT_MS_MAX,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    disableClientInfo: true,
  });
  let why: string | null = null;
  // Says more than the rejection that follows it.
  redis.on('error', (error: Error) => (why ??= error.message));
  try {
    await redis.connect();
    await redis.ping();
    return why;
  } catch (error) {
    return why ?? messageOf(error);
  } finally {
    redis.disconnect();
  }
}
