import type { Subprocess } from 'bun';
import { join } from 'node:path';
import type { Volley } from './volley.ts';

export type LaneName = 'http' | 'socket';

export type GeneratorCall =
  | {
      readonly kind: 'open';
      readonly traders: number;
      readonly connections: number;
      readonly sockets: number;
    }
  | {
      readonly kind: 'load';
      readonly lane: LaneName;
      readonly orders: number;
      readonly tapsPerOrder: number;
      readonly leadMs: number;
    }
  | {
      readonly kind: 'fire';
      readonly lane: LaneName;
      readonly perSecond: number | null;
      readonly underWayMax: number;
    }
  | { readonly kind: 'close' };
export type GeneratorAnswer =
  | { readonly done: true }
  | { readonly volley: Volley }
  | { readonly failed: string };

/** The load generator of one server, as the benchmark sees it. */
export class Generator {
  #child!: Subprocess;
  #answer: ((answer: GeneratorAnswer) => void) | null = null;

  static start(origin: string): Generator {
    const generator = new Generator();
    generator.#child = Bun.spawn([process.execPath, join(import.meta.dir, 'generator.ts'), origin], {
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
      serialization: 'json',
      ipc: (answer: GeneratorAnswer) => generator.#answer?.(answer),
      onExit: (_, code) => generator.#answer?.({ failed: `the generator ended with ${code}` }),
    });
    return generator;
  }

  get pid(): number {
    return this.#child.pid;
  }

  async open(traders: number, connections: number, sockets: number): Promise<void> {
    await this.#call({ kind: 'open', traders, connections, sockets });
  }

  /** Makes orders ready: they are signed now and hold as long as the quotes do. */
  async load(lane: LaneName, orders: number, leadMs: number, tapsPerOrder = 1): Promise<void> {
    await this.#call({ kind: 'load', lane, orders, tapsPerOrder, leadMs });
  }

  /** @param perSecond null: as fast as it goes, with at most `underWayMax` orders unanswered. */
  async fire(lane: LaneName, perSecond: number | null, underWayMax: number): Promise<Volley> {
    const answer = await this.#call({ kind: 'fire', lane, perSecond, underWayMax });
    if (!('volley' in answer)) throw new Error('the generator answered without a volley');
    return answer.volley;
  }

  async close(): Promise<void> {
    await this.#call({ kind: 'close' });
    await this.#child.exited;
  }

  kill(): void {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
  }

  async #call(call: GeneratorCall): Promise<GeneratorAnswer> {
    const { promise, resolve } = Promise.withResolvers<GeneratorAnswer>();
    this.#answer = resolve;
    this.#child.send(call);
    const answer = await promise;
    this.#answer = null;
    if ('failed' in answer) throw new Error(`${call.kind}: ${answer.failed}`);
    return answer;
  }
}
