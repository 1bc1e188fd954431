import { acceptedEncoding } from './encoding.ts';
import { isUnchanged } from './etag.ts';
import { Rendered } from './rendered.ts';

/** A text that never changes while the server runs. */
export class Prepared {
  readonly #rendered: Rendered;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #etag: string;

  constructor(text: string, headers: Readonly<Record<string, string>>) {
    this.#rendered = new Rendered(text);
    this.#etag = `W/"${Bun.hash(text).toString(36)}"`;
    this.#headers = { ...headers, etag: this.#etag, vary: 'accept-encoding' };
  }

  async answer({ headers }: Pick<Request, 'headers'>): Promise<Response> {
    if (isUnchanged(headers, this.#etag)) return new Response(null, { status: 304, headers: this.#headers });
    const encoding = this.#rendered.encodingFor(acceptedEncoding(headers.get('accept-encoding')));
    return new Response(await this.#rendered.bytes(encoding), {
      headers: { ...this.#headers, ...(encoding !== 'identity' && { 'content-encoding': encoding }) },
    });
  }
}
