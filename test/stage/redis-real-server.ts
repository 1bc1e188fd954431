import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const START_MS_MAX = 60_000;

/**
 * A Redis of a test's own, on loopback and a port that is free, that can be killed, frozen and made to begin
 * anew under the same address.
 */
export class RealRedis {
  readonly #dir = mkdtempSync(join(tmpdir(), 'tapgrid-redis-'));
  #process: Bun.Subprocess | null = null;

  private constructor(readonly port: number) {}

  static async start(): Promise<RealRedis> {
    const redis = new RealRedis(freePort());
    await redis.begin();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    this.#process = Bun.spawn(
      [
        'redis-server',
        '--port',
        `${this.port}`,
        '--bind',
        '127.0.0.1',
        '--dir',
        this.#dir,
        '--save',
        '',
        '--maxmemory-policy',
        'noeviction',
        '--logfile',
        'redis.log',
      ],
      { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
    );
    const until = Date.now() + START_MS_MAX;
    while (this.send('PING') !== 'PONG') {
      if (Date.now() > until) throw new Error('Redis did not start');
      await Bun.sleep(20);
    }
  }

  /** One command, and what redis-cli prints of the answer. */
  send(...words: string[]): string {
    return Bun.spawnSync(['redis-cli', '-h', '127.0.0.1', '-p', `${this.port}`, ...words])
      .stdout.toString()
      .trimEnd();
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.exited;
    this.#process = null;
  }

  freeze(): void {
    this.#process!.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process!.kill('SIGCONT');
  }

  /** Whatever was done to it: it runs, empty and with room. */
  async revive(): Promise<void> {
    if (this.#process === null) await this.begin();
    this.thaw();
    this.send('CONFIG', 'SET', 'maxmemory', '0');
    this.send('REPLICAOF', 'NO', 'ONE');
    this.send('FLUSHALL');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
