import { codeOf, isCode, type SourceFile } from './source.ts';

/** What is claimed about types instead of shown, counted per thousand lines. */
export interface Casts {
  /** `x as T`, other than `as const`. */
  readonly as: number;
  /** `x!` */
  readonly bang: number;
  readonly any: number;
}

const IMPORTS = /^(?:import|export) (?:type )?\{[^}]*\} from .*$/gm;
const AS = /[\w)\]}'`"] as (?!const\b)[\w({[(typeof)]/g;
const BANG = /[\w)\]]!(?=[.,;:)\]}[?\s]|$)(?! *=)/gm;
const ANY = /(?<=[:<,(|=] ?)any\b(?=[>\][,);| ]|$)/gm;

export function castsPerThousand(sources: readonly SourceFile[]): Casts {
  const code = sources
    .filter(({ path }) => isCode(path))
    .map(({ text }) => codeOf(text).replace(IMPORTS, ''));
  const lines = sources.reduce((sum, { text }) => sum + text.trimEnd().split('\n').length, 0);
  const count = (shape: RegExp): number =>
    (code.reduce((sum, text) => sum + (text.match(shape)?.length ?? 0), 0) * 1_000) / lines;
  return { as: count(AS), bang: count(BANG), any: count(ANY) };
}
