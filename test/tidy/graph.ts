import { dirname, join, normalize } from 'node:path';
import { importsOf, isCode, isTest, uncommented, type Import, type SourceFile } from './source.ts';

/** A path or a name as it stands in texts: of a program that is started, or of a file that is read. */
const FILE_NAME = /[\w-]+(?:\/[\w.-]+)*\.(?:tsx?|m?js)\b/g;

/** A file that imports another, or that names it in a text: a program of its own. */
interface Edge {
  readonly to: string;
  readonly through: Import | null;
}

/** Which file of the tree needs which. */
export class Graph {
  readonly #edges = new Map<string, readonly Edge[]>();

  constructor(private readonly sources: readonly SourceFile[]) {
    const paths = new Set(sources.map(({ path }) => path));
    for (const { path, text } of sources) {
      if (!isCode(path)) continue;
      const imported = importsOf(text)
        .filter(({ target }) => target.startsWith('.'))
        .map((through): Edge => ({ to: normalize(join(dirname(path), through.target)), through }));
      const named = [...uncommented(text).matchAll(FILE_NAME)]
        .flatMap(([name]) => [normalize(join(dirname(path), name)), name])
        .map((to): Edge => ({ to, through: null }));
      this.#edges.set(
        path,
        [...imported, ...named].filter(({ to }) => paths.has(to)),
      );
    }
  }

  /** Code, other than declarations, to which no entry leads: by imports, or by its name in a text. */
  unreached(isEntry: (path: string) => boolean): string[] {
    const reached = new Set<string>();
    const waiting = [...this.#edges.keys()].filter(isEntry);
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (reached.has(path)) continue;
      reached.add(path);
      // Who runs a test does not need what it tests.
      waiting.push(...(this.#edges.get(path) ?? []).map(({ to }) => to).filter((to) => !isTest(to)));
    }
    return [...this.#edges.keys()].filter((path) => !path.endsWith('.d.ts') && !reached.has(path));
  }

  /** Every file that is loaded where this one runs, its workers' too; itself too. */
  loadedBy(entry: string): string[] {
    const loaded = new Set<string>();
    const waiting = [entry];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (loaded.has(path)) continue;
      loaded.add(path);
      waiting.push(...this.#imported(path, ['value', 'worker']));
    }
    return [...loaded].sort();
  }

  /**
   * `a imports b` of each import by which the entry comes to load what it must not, or to name its types, but
   * for those inside of that.
   */
  importsInto(entry: string, isForbidden: (path: string) => boolean): string[] {
    const seen = new Set<string>();
    const found: string[] = [];
    const waiting = [entry];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      found.push(
        ...this.#imported(path)
          .filter(isForbidden)
          .map((to) => `${path} imports ${to}`),
      );
      waiting.push(...this.#imported(path, ['value', 'worker']).filter((to) => !isForbidden(to)));
    }
    return found.sort();
  }

  /** Groups of files each of which needs itself, by imports that are there when the program runs (Tarjan). */
  circles(): string[][] {
    const [indices, lows, stack, circles] = [
      new Map<string, number>(),
      new Map<string, number>(),
      [] as string[],
      [] as string[][],
    ];
    const visit = (path: string): number => {
      const index = indices.size;
      indices.set(path, index);
      stack.push(path);
      let low = index;
      for (const to of this.#imported(path, ['value'])) {
        if (!indices.has(to)) low = Math.min(low, visit(to));
        else if (stack.includes(to)) low = Math.min(low, indices.get(to) ?? low);
      }
      lows.set(path, low);
      if (low === index) {
        const circle = stack.splice(stack.indexOf(path));
        if (circle.length > 1) circles.push(circle);
      }
      return low;
    };
    for (const path of this.#edges.keys()) if (!indices.has(path)) visit(path);
    return circles;
  }

  /**
   * `path: name` of each exported value that no other file takes. A type says what a value is, taken or not.
   */
  unusedExports(): string[] {
    const taken = new Set<string>();
    const whole = new Set<string>();
    for (const edges of this.#edges.values())
      for (const { to, through } of edges)
        if (through?.names) for (const name of through.names) taken.add(`${to}: ${name}`);
        else if (through !== null) whole.add(to);
    return this.sources
      .filter(({ path }) => isCode(path) && !isTest(path) && !whole.has(path))
      .flatMap(({ path, text }) => exportsOf(text).map((name) => `${path}: ${name}`))
      .filter((name) => !taken.has(name));
  }

  #imported(path: string, kinds: readonly Import['kind'][] = ['value', 'worker', 'type']): string[] {
    return (this.#edges.get(path) ?? [])
      .filter(({ through }) => through !== null && kinds.includes(through.kind))
      .map(({ to }) => to);
  }
}

const EXPORT = /^export (?:abstract )?(?:async )?(?:const enum|function\*?|const|let|class|enum) (\w+)/gm;

const exportsOf = (text: string): string[] =>
  [...uncommented(text).matchAll(EXPORT)].map(([, name = '']) => name);
