import type { BunPlugin } from 'bun';
import { basename, join } from 'node:path';
import { placeCss } from '../../../views/board/place.ts';
import { isUnchanged } from '../etag.ts';
import { compactCss } from './compact-css.ts';
import { acceptedEncoding, compressAtLeisure, compressInPassing, type Encoding } from '../encoding.ts';

/** The order of the style sheets is the order of their rules. */
const SHEETS = [
  'theme',
  'base',
  'page/frame',
  'page/page',
  'page/table',
  'board/live',
  'board/grid',
  'board/cell',
  'board/scale',
  'tap/foot',
  'board/boards',
  'board/rail',
  'board/sizes',
  'others/others',
  'bet/bet',
  'bet/stacked',
  'notice/notice',
  'session/sheet',
  'session/settings',
  'page/forced-colours',
];
const OPS_SHEETS = ['frame', 'state', 'money', 'exposure', 'latency', 'lists', 'installation'].map(
  (name) => `ops/${name}`,
);
/** Of receipts, and of the player of a bet's path wherever it opens. */
const RECEIPT_SHEETS = ['bet/receipt', 'bet/player', 'bet/check'];
const AS_THEY_ARE = ['vendor/*.js', '*.svg', '*.png'] as const;
const ENCODINGS: readonly Encoding[] = ['br', 'gzip', 'identity'];

interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly bodies: Readonly<Record<Encoding, Uint8Array<ArrayBuffer>>>;
}

/**
 * The files of the page, read and compressed once; an entry and the modules that it imports become one file,
 * because on a slow line each request costs more than its bytes. One hash over all of them stands in their
 * addresses, so that a browser may keep them for ever. A request is a look into a table; no path ever reaches
 * the disk.
 */
export class StaticFiles {
  readonly #assets = new Map<string, Asset>();
  readonly #hash: string;
  #verifier: Promise<Asset> | null = null;

  private constructor(
    files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
    private readonly root: string,
  ) {
    const hasher = new Bun.CryptoHasher('sha256');
    for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
      hasher.update(`${path}\0${bytes.length}\0`).update(bytes);
    this.#hash = hasher.digest('hex').slice(0, 12);
    for (const [path, bytes] of files) this.#assets.set(path, assetOf(path, bytes));
  }

  /** @param folder `static/` of the checkout. */
  static async read(folder: string): Promise<StaticFiles> {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const pattern of AS_THEY_ARE)
      for await (const path of new Bun.Glob(pattern).scan(folder))
        files.set(path, await Bun.file(join(folder, path)).bytes());
    for await (const path of new Bun.Glob('*.js').scan(folder))
      files.set(path, await bundled(join(folder, path)));
    const joined = async (names: readonly string[], ...more: readonly string[]) => {
      const sheets = names.map((name) => Bun.file(join(folder, 'css', `${name}.css`)).text());
      return new Uint8Array(Buffer.from(compactCss([...(await Promise.all(sheets)), ...more].join('\n'))));
    };
    files.set('app.css', await joined(SHEETS, placeCss()));
    files.set('receipt.css', await joined(RECEIPT_SHEETS));
    // Of the page about fairness.
    files.set('bars.css', await joined(['page/bars']));
    // For operators alone, so that no trader carries it.
    files.set('ops.css', await joined(['page/bars', ...OPS_SHEETS]));
    return new StaticFiles(files, join(folder, '..'));
  }

  /** `app.css` → `/static/<hash>/app.css`. @throws RangeError for a file that is not there: a bug. */
  url(path: string): string {
    if (!this.#assets.has(path)) throw new RangeError(`no static file ${path}`);
    return `/static/${this.#hash}/${path}`;
  }

  /**
   * @param rest what follows `/static/`. An address with an old hash gives the present file, to be asked for
   * again. @returns null for what is not there.
   */
  respond(rest: string, headers: Headers): Response | null {
    const slash = rest.indexOf('/');
    const asset = this.#assets.get(rest.slice(slash + 1));
    if (slash < 1 || asset === undefined) return null;
    return answer(asset, headers, rest.slice(0, slash) === this.#hash);
  }

  /**
   * As `respond`, of the verifier where it is not made yet: a release brings it, and a checkout makes it of
   * its sources at the first request. No hash stands for it then, so it is asked for again each time.
   */
  async respondMaking(rest: string, headers: Headers): Promise<Response | null> {
    if (!/^[^/]+\/verifier\.js$/.test(rest)) return null;
    this.#verifier ??= bundleVerifier(this.root).then((bytes) => assetOf(VERIFIER, bytes, compressInPassing));
    return answer(await this.#verifier, headers, false);
  }

  /** A file as it is, and which release it is of. @throws RangeError as `url` does */
  textOf(path: string): { readonly text: string; readonly release: string } {
    this.url(path);
    const body = this.#assets.get(path)?.bodies.identity;
    return { text: new TextDecoder().decode(body), release: this.#hash };
  }

  /** Bytes over the wire of the given files, as a browser takes them. */
  transferBytes(paths: readonly string[]): number {
    return paths.reduce((sum, path) => sum + (this.#assets.get(path)?.bodies.br.length ?? Number.NaN), 0);
  }
}

function answer(asset: Asset, headers: Headers, keep: boolean): Response {
  const common = {
    etag: asset.etag,
    vary: 'accept-encoding',
    'cache-control': keep ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
  if (isUnchanged(headers, asset.etag)) return new Response(null, { status: 304, headers: common });
  const encoding = acceptedEncoding(headers.get('accept-encoding'));
  return new Response(asset.bodies[encoding], {
    headers: {
      ...common,
      'content-type': asset.type,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
  });
}

/** The verifier of receipts as a module for browsers. @param root of the checkout */
export const VERIFIER = 'verifier.js';
export const bundleVerifier = (root: string): Promise<Uint8Array<ArrayBuffer>> =>
  bundled(join(root, 'server/receipt/in-browser.ts'));

/** @throws AggregateError when a module does not parse or is not there. */
async function bundled(entry: string): Promise<Uint8Array<ArrayBuffer>> {
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    target: 'browser',
    format: 'esm',
    minify: true,
    plugins: [ON_DEMAND],
  });
  return new Uint8Array(await outputs[0]!.arrayBuffer());
}

/**
 * What a module imports by `import()` is a file of its own at the top of the folder, which the browser takes
 * when it is asked for.
 */
const ON_DEMAND: BunPlugin = {
  name: 'on demand',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path)}`, external: true } : undefined,
    );
  },
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
};

function assetOf(path: string, bytes: Uint8Array<ArrayBuffer>, compress = compressAtLeisure): Asset {
  const bodies = Object.fromEntries(
    ENCODINGS.map((encoding) => [encoding, compress(bytes, encoding)]),
  ) as Asset['bodies'];
  return {
    type: TYPES[path.slice(path.lastIndexOf('.') + 1)]!,
    etag: `W/"${Bun.hash(bytes).toString(36)}"`,
    bodies,
  };
}
