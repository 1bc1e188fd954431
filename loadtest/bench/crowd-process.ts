import type { Subprocess } from 'bun';
import { join } from 'node:path';
import type { Watched } from './watchers.ts';

/** Watchers of one server in a process of their own, as the benchmark sees them. */
export class Crowd {
  readonly #watched = Promise.withResolvers<Watched>();
  readonly #connected = Promise.withResolvers<void>();
  readonly #child: Subprocess;

  private constructor(origin: string, sockets: number) {
    this.#watched.promise.catch(() => {});
    this.#child = Bun.spawn(
      [process.execPath, join(import.meta.dir, 'watchers.ts'), origin, String(sockets)],
      {
        stdin: 'ignore',
        stdout: 'inherit',
        stderr: 'inherit',
        serialization: 'json',
        ipc: (message: 'connected' | Watched) =>
          message === 'connected' ? this.#connected.resolve() : this.#watched.resolve(message),
        onExit: (_, code) => {
          this.#connected.reject(new Error(`the watchers ended with ${code}`));
          this.#watched.reject(new Error(`the watchers ended with ${code}`));
        },
      },
    );
  }

  /** All of them are let in. @throws Error when one is not. */
  static async open(origin: string, sockets: number): Promise<Crowd> {
    const crowd = new Crowd(origin, sockets);
    await crowd.#connected.promise;
    return crowd;
  }

  /** What they get within so many seconds. `began` is called when the server should be looked at too. */
  async count(seconds: number, began: () => void): Promise<Watched> {
    this.#child.send(seconds);
    await Bun.sleep(500);
    began();
    return this.#watched.promise;
  }

  kill(): void {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
  }
}
