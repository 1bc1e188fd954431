import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';

/**
 * In these views text from outside stands in elements marked `safe`, which escape their children. So in
 * compiled views a child of an element without `safe` may only be a literal or something that is made of
 * elements itself.
 */
const transpiler = new Bun.Transpiler({
  loader: 'tsx',
  tsconfig: {
    compilerOptions: { jsx: 'react', jsxFactory: 'Html.createElement', jsxFragmentFactory: 'Html.Fragment' },
  },
});
const CALL = 'Html.createElement(';

/** Arguments of each element of a compiled view, outermost first. */
function elementsOf(source: string): string[][] {
  const code = transpiler.transformSync(source);
  const calls: string[][] = [];
  for (let at = code.indexOf(CALL); at !== -1; at = code.indexOf(CALL, at + 1))
    calls.push(argumentsAt(code, at + CALL.length));
  return calls;
}

function argumentsAt(code: string, from: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i < code.length; i++) {
    const char = code[i]!;
    if (char === '"' || char === "'") i = closing(code, i, char);
    else if (char === '`') i = closingTemplate(code, i);
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) {
      if (depth-- === 0) return [...found, code.slice(start, i).trim()];
    } else if (char === ',' && depth === 0) {
      found.push(code.slice(start, i).trim());
      start = i + 1;
    }
  }
  throw new Error('a call that does not end');
}

function closing(code: string, from: number, quote: string): number {
  for (let i = from + 1; i < code.length; i++)
    if (code[i] === '\\') i++;
    else if (code[i] === quote) return i;
  throw new Error('a text that does not end');
}

function closingTemplate(code: string, from: number): number {
  let depth = 0;
  for (let i = from + 1; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code.startsWith('${', i)) depth++;
    else if (code[i] === '}' && depth > 0) depth--;
    else if (code[i] === '`' && depth === 0) return i;
  }
  throw new Error('a template that does not end');
}

/**
 * A child that cannot carry text from outside: literals, elements, lists and choices of elements, and the
 * children that a component was given.
 */
function isMarkup(child: string): boolean {
  const text = child.replace(/^\((.*)\)$/s, '$1').trim();
  if (/^(?:"(?:[^"\\]|\\.)*"|null|undefined|children)$/s.test(text)) return true;
  if (text.startsWith(CALL)) return true;
  const mapped = /^[\w.!?()[\]{}, :=+*>"'`-]*?\.map\(\((?:[^()]|\([^()]*\))*\)\s*=>\s*(.*)\)$/s.exec(text);
  if (mapped) return isMarkup(mapped[1]!);
  const chosen = split(text, '?');
  if (chosen) {
    const branches = split(chosen[1], ':');
    return branches !== null && isMarkup(branches[0]) && isMarkup(branches[1]);
  }
  const conditional = split(text, '&&');
  if (conditional) return isMarkup(conditional[1]);
  // Counts of our own and pieces made by a function of the view itself.
  return /^(?:bets\.length|openCount|tab\("\w+", "[^"]*", "[^"]*"\))$/.test(text);
}

/** Splits at the first top-level occurrence. */
function split(text: string, at: string): [string, string] | null {
  let depth = 0;
  let question = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"' || char === "'") i = closing(text, i, char);
    else if (char === '`') i = closingTemplate(text, i);
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (
      depth === 0 &&
      text.startsWith(at, i) &&
      !(at === '?' && /[?.]/.test(text[i + 1] ?? '')) &&
      !(at === '?' && text[i - 1] === '?')
    ) {
      if (at === ':' && question > 0) question--;
      else return [text.slice(0, i).trim(), text.slice(i + at.length).trim()];
    } else if (
      depth === 0 &&
      at === ':' &&
      char === '?' &&
      !/[?.]/.test(text[i + 1] ?? '') &&
      text[i - 1] !== '?'
    )
      question++;
  }
  return null;
}

const faultsOf = (source: string): string[] =>
  elementsOf(source).flatMap(([, props = 'null', ...children]) =>
    /\bsafe: true\b/.test(props) ? [] : children.filter((child) => !isMarkup(child)),
  );

describe('no view puts text from outside into HTML as it is', async () => {
  for await (const path of new Bun.Glob('{views,server}/**/*.tsx').scan(join(import.meta.dir, '..'))) {
    const source = await Bun.file(join(import.meta.dir, '..', path)).text();
    test(path, () => expect(faultsOf(source)).toEqual([]));
  }

  test.each([
    ['<b>{name}</b>', 1],
    ['<b>{`x ${name}`}</b>', 1],
    ['<b>{ok ? name : <i/>}</b>', 1],
    ['<b>{ok && name}</b>', 1],
    ['<ul>{names.map((name) => name)}</ul>', 1],
    ['<ul>{names.map((name) => <li>{name}</li>)}</ul>', 1],
    ['<Box>{name}</Box>', 1],
    ['<b safe>{name}</b>', 0],
    ['<ul>{names.map((name) => <li safe>{name}</li>)}</ul>', 0],
    ['<b>{ok ? <i/> : <u/>}</b>', 0],
  ])('%s has %d faults', (source, count) => expect(faultsOf(`const x = ${source}`)).toHaveLength(count));
});
