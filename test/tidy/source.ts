import { join } from 'node:path';

/** A file of the tree, its path from the root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** An import, a re-export or a worker by its address. */
export interface Import {
  readonly target: string;
  /** A type is gone when the program runs; a worker is a program of its own. */
  readonly kind: 'value' | 'type' | 'worker';
  /** The names that are taken; null for all of them, or for none by name. */
  readonly names: readonly string[] | null;
}

/** Every file that somebody wrote, of all kinds of text. */
export async function readSources(root: string): Promise<SourceFile[]> {
  const pattern =
    '{server,views,scripts,static,loadtest,migrations,deploy,test}/**/*.{ts,tsx,js,mjs,css,sql,sh,py}';
  const paths = await Array.fromAsync(new Bun.Glob(pattern).scan(root));
  return Promise.all(
    paths
      .filter((path) => !path.startsWith('static/vendor/'))
      .sort()
      .map(async (path) => ({ path, text: await Bun.file(join(root, path)).text() })),
  );
}

const IMPORT =
  /(?:\b(?:import|export)\s+(type\s+)?([\w*{},\s$]+?)\s*from\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(['"])([^'"\n]+)\3/g;

/** Static, type-only, side-effect and dynamic imports, re-exports, and workers by URL. */
export const importsOf = (text: string): Import[] =>
  [...uncommented(text).matchAll(IMPORT)]
    .map(([whole, type, clause, , target = '']): Import => {
      const kind = type !== undefined ? 'type' : whole.startsWith('new') ? 'worker' : 'value';
      return { target, kind, names: clause?.startsWith('{') ? namesOf(clause) : null };
    })
    .filter(({ target }) => !/^\w+:\/\//.test(target));

/** `{ a as b, type C }` → a, C */
const namesOf = (clause: string): string[] =>
  clause
    .replace(/[{}]/g, '')
    .split(',')
    .map((part) => /^(?:type\s+)?([\w$]+)/.exec(part.trim())?.[1] ?? '')
    .filter(Boolean);

const LITERAL_OR_COMMENT =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;

export const uncommented = (text: string): string =>
  text.replace(LITERAL_OR_COMMENT, (found) => (/^\/[/*]/.test(found) ? ' ' : found));

/** Without comments and texts; what a template computes stays. */
export const codeOf = (text: string): string =>
  text.replace(LITERAL_OR_COMMENT, (found) =>
    found.startsWith('`')
      ? (found.match(/\$\{[^}]*\}/g) ?? []).join(' ')
      : found.startsWith('/')
        ? ' '
        : "''",
  );

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
export const isCode = (path: string): boolean => /\.(tsx?|m?js)$/.test(path);
