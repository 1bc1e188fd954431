import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { dependencies } from '../package.json';
import { sha256, VENDOR, withoutSourceMap, type VendoredFile } from './vendor-htmx.ts';

const manifest: VendoredFile[] = await Bun.file(join(VENDOR, 'vendor.json')).json();

test('the manifest names every vendored file', async () => {
  const present = await Array.fromAsync(new Bun.Glob('*').scan(VENDOR));
  expect(present.filter((file) => file !== 'vendor.json').sort()).toEqual(
    manifest.map(({ file }) => file).sort(),
  );
});

test.each(manifest)(
  '$file is what the manifest says, of the locked version',
  async ({ file, version, source, sha256: hash }) => {
    const served = await Bun.file(join(VENDOR, file)).text();
    expect(sha256(served)).toBe(hash);
    expect(version).toBe(dependencies['htmx.org']);
    expect(served).toBe(
      withoutSourceMap(await Bun.file(join(VENDOR, '../../node_modules/htmx.org', source)).text()),
    );
    expect(served).not.toContain('sourceMappingURL');
  },
);

test('the pointer to a source map is cut, and nothing else', () => {
  expect(withoutSourceMap('a();\n//# sourceMappingURL=a.js.map')).toBe('a();\n');
  expect(withoutSourceMap('a("//# sourceMappingURL=b");')).toBe('a("//# sourceMappingURL=b");');
});
