import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { S3Options } from '../../server/upkeep/backup/s3-store.ts';
import { findTool, VERSITYGW } from '../runner/tools.ts';
import { freePort } from './free-port.ts';

export interface S3Gateway {
  readonly options: S3Options;
  /** The folder in which the objects of the bucket are files. */
  readonly folder: string;
  /** It takes connections and says nothing, or goes on. */
  hold(isHeld: boolean): void;
  stop(): Promise<void>;
}

const START_MS_MAX = 60_000;

/**
 * A real S3 server on a folder, with one bucket. @throws Error when it is not installed or does not start.
 */
export async function startS3Gateway(root: string, bucket = 'tapgrid-test'): Promise<S3Gateway> {
  const program = findTool(VERSITYGW);
  if (program === null) throw new Error('versitygw is not installed');
  const folder = join(root, bucket);
  mkdirSync(folder, { recursive: true });
  const port = freePort();
  const [keyId, secret] = ['tapgrid-test', 'not-a-secret-at-all'];
  const child = Bun.spawn([program, '--port', `127.0.0.1:${port}`, '--quiet', 'posix', root], {
    env: { ...process.env, ROOT_ACCESS_KEY: keyId, ROOT_SECRET_KEY: secret },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child.exited;
  };
  for (const until = Date.now() + START_MS_MAX; ; await Bun.sleep(50)) {
    if (
      await fetch(endpoint, { signal: AbortSignal.timeout(5_000) }).then(
        () => true,
        () => false,
      )
    )
      break;
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error('versitygw did not start');
    }
  }
  return {
    options: { endpoint, region: 'us-east-1', bucket, prefix: 'house-1/', keyId, secret },
    folder: join(folder, 'house-1'),
    hold: (isHeld) => child.kill(isHeld ? 'SIGSTOP' : 'SIGCONT'),
    stop,
  };
}
