import { isCode, isTest, type SourceFile } from './source.ts';

/** Characters of a line, in code, comments and texts alike. */
export const WIDTH_MAX = 110;

/** A run without a blank that takes most of a line: an address, an expression, a digest. */
const UNBREAKABLE = /\S{70,}/;
/** The blank before the next element of a line of JSX, which the formatter does not count. */
const JSX_BLANK = /\{' '\}$/;
const TEST_TITLE =
  /^\s*(?:(?:test|describe|it)(?:\.\w+)*\(|(?:\]\)|\))?\()?\s*(['"`]).*\1,(?: (?:async )?\(.*)?$/;
/** The formatter leaves a regular expression in one piece, and so does the language. */
const REGULAR_EXPRESSION =
  /(?:^|[=(,:!&|?[]\s*|\s)\/(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/[dgimsuvy]*[,;).\s]/;

/**
 * Lines that are wider than they may be, from 1. None of them are those that nobody can break: a word without
 * a blank, a regular expression, the title of a test; nor those of a text over several lines, which stands in
 * the source as it is written out.
 */
export function wideLines({ path, text }: SourceFile): number[] {
  const written = isCode(path) ? linesOfTexts(text) : new Set<number>();
  return text.split('\n').flatMap((line, index) => {
    if (line.replace(JSX_BLANK, '').length <= WIDTH_MAX || UNBREAKABLE.test(line) || written.has(index + 1))
      return [];
    if (isCode(path) && (REGULAR_EXPRESSION.test(line) || (hasTests(path) && TEST_TITLE.test(line))))
      return [];
    return [index + 1];
  });
}

const hasTests = (path: string): boolean => isTest(path) || path.startsWith('test/');

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=[=(,:!&|?[\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/|`|[{}]/g;

/** Lines of template literals that go over several. */
function linesOfTexts(text: string): Set<number> {
  const lines = new Set<number>();
  /** Of each template that is open: where it began, and the open braces of its present expression. */
  const open: { readonly from: number; braces: number }[] = [];
  let at = 0;
  while (at < text.length) {
    const template = open.at(-1);
    if (template !== undefined && template.braces === 0) {
      at = endOfPiece(text, at);
      if (text[at] === '`') {
        open.pop();
        const [first, last] = [lineAt(text, template.from), lineAt(text, at)];
        if (last > first) for (let line = first; line <= last; line++) lines.add(line);
        at += 1;
      } else {
        template.braces = 1;
        at += 2;
      }
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) break;
    at = token.index + token[0].length;
    if (token[0] === '`') open.push({ from: token.index, braces: 0 });
    else if (template !== undefined && token[0] === '{') template.braces += 1;
    else if (template !== undefined && token[0] === '}') template.braces -= 1;
  }
  return lines;
}

/** From inside a template: where its text ends, or an expression begins. */
function endOfPiece(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`' || (text[at] === '$' && text[at + 1] === '{')) return at;
  }
  return text.length;
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
