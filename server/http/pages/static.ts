import { join, posix } from 'node:path';
import { placeCss } from '../../../views/board/place.ts';
import { compressAtLeisure, encodingFor, type Encoding } from './encoding.ts';

/** The order of the style sheets is the order of their rules. */
const SHEETS = ['base', 'page', 'board', 'bet', 'notice'] as const;
const ENCODINGS: readonly Encoding[] = ['br', 'gzip', 'identity'];

const IMPORT = /^import\s(?:[^'"]*\sfrom\s)?'(\.[^']+)'/gm;

interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly bodies: Readonly<Record<Encoding, Uint8Array<ArrayBuffer>>>;
}

/**
 * The files of the page, read and compressed once. One hash over all of them stands in their addresses, so that a browser may keep them for ever and
 * modules find each other by relative paths. A request is a look into a table; no path ever reaches the disk.
 */
export class StaticFiles {
  readonly #assets = new Map<string, Asset>();
  readonly #imports = new Map<string, readonly string[]>();
  readonly #hash: string;

  private constructor(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
    const hasher = new Bun.CryptoHasher('sha256');
    for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) hasher.update(`${path}\0${bytes.length}\0`).update(bytes);
    this.#hash = hasher.digest('hex').slice(0, 12);
    for (const [path, bytes] of files) this.#assets.set(path, assetOf(path, bytes));
  }

  /** @param folder `static/` of the checkout. */
  static async read(folder: string): Promise<StaticFiles> {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for await (const path of new Bun.Glob('**/*.{js,svg}').scan(folder)) if (!path.includes('.test.')) files.set(path, await Bun.file(join(folder, path)).bytes());
    const sheets = await Promise.all(SHEETS.map((name) => Bun.file(join(folder, 'css', `${name}.css`)).text()));
    files.set('app.css', new Uint8Array(Buffer.from([...sheets, placeCss()].join('\n'))));
    // For operators alone, so that no trader carries it.
    files.set('ops.css', await Bun.file(join(folder, 'css/ops.css')).bytes());
    return new StaticFiles(files);
  }

  /** `app.css` → `/static/<hash>/app.css`. @throws RangeError for a file that is not there: a bug. */
  url(path: string): string {
    if (!this.#assets.has(path)) throw new RangeError(`no static file ${path}`);
    return `/static/${this.#hash}/${path}`;
  }

  /** Addresses of the modules that this one imports, theirs included. */
  modulesOf(path: string): readonly string[] {
    const known = this.#imports.get(path);
    if (known) return known;
    const found = new Set<string>();
    const visit = (from: string): void => {
      for (const [, target] of this.#text(from).matchAll(IMPORT)) {
        const to = posix.join(posix.dirname(from), target!);
        if (found.has(to)) continue;
        found.add(to);
        visit(to);
      }
    };
    visit(path);
    const urls = [...found].map((module) => this.url(module));
    this.#imports.set(path, urls);
    return urls;
  }

  #text(path: string): string {
    return new TextDecoder().decode(this.#assets.get(path)?.bodies.identity);
  }

  /** @param rest what follows `/static/`. An address with an old hash gives the present file, to be asked for again. @returns null for what is not there. */
  respond(rest: string, headers: Headers): Response | null {
    const slash = rest.indexOf('/');
    const asset = this.#assets.get(rest.slice(slash + 1));
    if (slash < 1 || asset === undefined) return null;
    const common = {
      etag: asset.etag,
      vary: 'accept-encoding',
      'cache-control': rest.slice(0, slash) === this.#hash ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    };
    if (headers.get('if-none-match') === asset.etag) return new Response(null, { status: 304, headers: common });
    const encoding = encodingFor(headers.get('accept-encoding'));
    return new Response(asset.bodies[encoding], { headers: { ...common, 'content-type': asset.type, ...(encoding !== 'identity' && { 'content-encoding': encoding }) } });
  }

  /** Bytes over the wire of the given files, as a browser takes them. */
  transferBytes(paths: readonly string[]): number {
    return paths.reduce((sum, path) => sum + (this.#assets.get(path)?.bodies.br.length ?? Number.NaN), 0);
  }
}

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml' };

function assetOf(path: string, bytes: Uint8Array<ArrayBuffer>): Asset {
  const bodies = Object.fromEntries(ENCODINGS.map((encoding) => [encoding, compressAtLeisure(bytes, encoding)])) as Asset['bodies'];
  return { type: TYPES[path.slice(path.lastIndexOf('.') + 1)]!, etag: `"${Bun.hash(bytes).toString(36)}"`, bodies };
}
