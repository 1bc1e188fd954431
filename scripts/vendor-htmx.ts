/**
 * Copies the browser modules of the locked htmx.org package into static/vendor, with versions and hashes.
 * usage: vendor-htmx.ts [--help]
 */
import { join } from 'node:path';
import { givenAlone } from './command-line/alone.ts';

const ROOT = join(import.meta.dir, '..');
export const VENDOR = join(ROOT, 'static/vendor');

/** One vendored file and where it came from. `sha256` is of the file as it is served, in hex. */
export interface VendoredFile {
  readonly file: string;
  readonly package: string;
  readonly version: string;
  readonly source: string;
  readonly licence: string;
  readonly sha256: string;
}

const FILES = [
  ['htmx.min.js', 'dist/htmx.min.js'],
  ['hx-ws.min.js', 'dist/ext/hx-ws.min.js'],
  ['htmx.LICENSE.txt', 'LICENSE'],
] as const;

/** The text without its pointer to a source map, which is not served. */
export const withoutSourceMap = (text: string): string =>
  text.replace(/(^|\n)\/\/[#@] sourceMappingURL=\S*\s*$/, '$1');

export const sha256 = (text: string | Uint8Array): string =>
  new Bun.CryptoHasher('sha256').update(text).digest('hex');

async function vendor(): Promise<VendoredFile[]> {
  const home = join(ROOT, 'node_modules/htmx.org');
  const { version, license } = await Bun.file(join(home, 'package.json')).json();
  return Promise.all(
    FILES.map(async ([file, source]) => {
      const text = withoutSourceMap(await Bun.file(join(home, source)).text());
      await Bun.write(join(VENDOR, file), text);
      return { file, package: 'htmx.org', version, source, licence: license, sha256: sha256(text) };
    }),
  );
}

if (import.meta.main) {
  givenAlone('bun scripts/vendor-htmx.ts', {
    about:
      'Copies htmx and its socket extension from node_modules into static/vendor and writes ' +
      'static/vendor/vendor.json.',
    examples: [''],
    exits: { 0: 'copied' },
    json: false,
  });
  const files = await vendor();
  await Bun.write(join(VENDOR, 'vendor.json'), `${JSON.stringify(files, null, 2)}\n`);
  for (const { file, version, sha256: hash } of files) console.log(`${file}  htmx.org ${version}  ${hash}`);
}
