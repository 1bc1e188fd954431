/** A piece of HTML that is safe to stand in a page. */
export class Html {
  constructor(private readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** Escapes every value but pieces that were made here; lists are joined. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  return new Html(strings.reduce((page, literal, index) => page + textOf(values[index - 1]!) + literal));
}

const textOf = (value: string | Html | readonly Html[]): string =>
  typeof value === 'string' ? Bun.escapeHTML(value) : Array.isArray(value) ? value.join('') : String(value);

/** Paragraphs, and `code` between backticks. */
export const prose = (text: string): Html[] =>
  text.split('\n\n').map((paragraph) => html`<p>${paragraph.split('`').map(codeOrText)}</p>`);

const codeOrText = (part: string, index: number): Html =>
  index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`;
