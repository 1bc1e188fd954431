import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { compose } from '../../server/compose.ts';
import { listSettings } from '../../server/config-listing.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/upkeep/log.ts';
import { tapgrid } from '../../test/stage/command.ts';
import { bundle } from './bundle.ts';
import { Redactor } from './redactor.ts';

/** A house with a secret in every place that one can be in. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-support-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const dataDir = join(root, 'data');
const credentials = join(root, 'credentials');
const handed = join(root, 'handed');
const bin = join(root, 'bin');

/** None of them may be in the bundle, in any spelling. */
const SECRETS = {
  redis: 'redis-pass"word/1',
  s3: 'S3-secret-of-the-bucket',
  s3InFile: 'S3-secret-of-the-file',
  proxy: 'proxy%pass:word',
  operator: 'operators-token-0123456789',
  handed: 'handed-over-by-systemd',
  foreign: 'cloud-key-of-another-program',
  probeToken: 'probe-token-abcdefgh',
  probeKey: 'probe-private-scalar-d',
  unknown: 'bearer-token-nobody-told-us-of',
  cookie: 'cookie-value-0123456789',
  address: 'password-in-an-address',
} as const;

const env = {
  DATA_DIR: dataDir,
  FEED: 'walk:1',
  PORT: '0',
  REDIS_URL: `redis://:${encodeURIComponent(SECRETS.redis)}@127.0.0.1:1`,
  BACKUP_S3_BUCKET: 'bucket',
  BACKUP_S3_ENDPOINT: 'https://s3.example',
  BACKUP_S3_KEY_ID: 'key-id',
  BACKUP_S3_SECRET: SECRETS.s3,
  HTTPS_PROXY: `http://user:${encodeURIComponent(SECRETS.proxy)}@proxy.example:3128`,
  AWS_SECRET_ACCESS_KEY: SECRETS.foreign,
  OPERATOR_TOKEN_FILE: join(root, 'token'),
  CREDENTIALS_DIRECTORY: handed,
  SETTINGS_FILE: join(root, 'tapgrid.env'),
  PATH: `${bin}:/bin:/usr/bin`,
};
let files: Record<string, string>;
let bytes: Uint8Array;
/** Parts that the archive held after each of them. */
const whole: number[] = [];
const textsIn = (archive: Uint8Array): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(archive)).map(([name, text]) => [name, strFromU8(text)]));

beforeAll(async () => {
  for (const folder of [credentials, handed, bin, dataDir]) mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(credentials, 'OPERATOR_TOKEN'), `${SECRETS.operator}\n`);
  writeFileSync(join(handed, 'tapgrid_UNKNOWN'), SECRETS.handed);
  writeFileSync(env.OPERATOR_TOKEN_FILE, SECRETS.operator, { mode: 0o600 });
  writeFileSync(env.SETTINGS_FILE, `BACKUP_S3_SECRET=${SECRETS.s3InFile}\nLOG_LEVEL=warn\n`);
  writeFileSync(
    join(dataDir, 'probe.json'),
    JSON.stringify({ token: SECRETS.probeToken, privateKey: { d: SECRETS.probeKey } }),
  );
  const lines = [
    ...Object.values(SECRETS).map((secret) => JSON.stringify({ level: 'info', msg: `said ${secret} aloud` })),
    `authorization: Bearer ${SECRETS.unknown}`,
    `{"headers":{"cookie":"ops=${SECRETS.cookie}"}}`,
    `dialled postgres://someone:${SECRETS.address}@db.example/x`,
    '{"level":"warn","health":{"state":"open","causes":[{"cause":"operator","detail":"the secret is ' +
      `${SECRETS.s3}"}]},"msg":"breaker is open"}`,
    `${Buffer.from(SECRETS.s3).toString('base64')} and ${encodeURIComponent(SECRETS.redis)}`,
  ].map((line) => `2026-06-15T12:00:00+0000 host tapgrid[1]: ${line}`);
  // What only its own name gives away is found by that alone.
  const progress = lines.filter(
    (line) =>
      !line.includes('said') ||
      ![SECRETS.unknown, SECRETS.cookie, SECRETS.address].some((one) => line.includes(one)),
  );
  writeFileSync(join(bin, 'journalctl'), `#!/bin/sh\ncat <<'END'\n${progress.join('\n')}\nEND\n`, {
    mode: 0o755,
  });
  writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho Environment=BACKUP_S3_SECRET=${SECRETS.s3}\n`, {
    mode: 0o755,
  });
  const loaded = loadConfig({ DATA_DIR: dataDir, FEED: 'walk:1', PORT: '0' });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const house = await compose(loaded.ok, createLog('silent'), () => {});
  for await (const made of bundle(env, new Date('2026-06-15T12:00:00Z'), { credentials })) {
    bytes = made.bytes;
    whole.push(Object.keys(unzipSync(bytes)).length);
  }
  await house.stop();
  files = textsIn(bytes);
}, 60_000);

test('the archive is whole after each part', () => expect(whole).toEqual(whole.map((_, k) => k + 1)));

test('a part that cannot be gathered says why, and takes no other with it', async () => {
  // What stands where the settings should be found is a folder.
  const folder = { ...env, SETTINGS_FILE: root };
  let made: Uint8Array = new Uint8Array();
  for await (const { bytes } of bundle(folder, new Date(), { credentials })) made = bytes;
  const found = textsIn(made);
  expect(Object.keys(found)).toContain('health.txt');
  expect(found['about.txt']).toMatch(/^tapgrid +\d/m);
});

test('what a helper asks for is in it', () => {
  expect(Object.keys(files)).toEqual([
    'README.txt',
    'about.txt',
    'doctor.txt',
    'installed.txt',
    'settings.txt',
    'units.txt',
    'journal.txt',
    'health.txt',
    'healthz.json',
    'metrics.txt',
    'sizes.txt',
  ]);
  expect(files['about.txt']).toMatch(/^tapgrid +\d+\.\d+\.\d+$/m);
  expect(files['doctor.txt']).toMatch(/ {2}redis {7}/);
  expect(files['health.txt']).toContain('breaker is open');
  expect(JSON.parse(files['healthz.json']!)).toMatchObject({ causes: [] });
  expect(files['metrics.txt']).toContain('tapgrid_build_info{');
  expect(files['sizes.txt']).toMatch(/^\d{3} +\d{4,} {2}\S+ {2}tapgrid\.db$/m);
  for (const name of Object.keys(files))
    expect(files['README.txt']!.includes(name) || name === 'README.txt').toBe(true);
});

test('settings stand as they count, with their defaults marked', () => {
  for (const line of [
    'LOG_LEVEL=warn    (file)',
    'FEED=walk:1    (environment)',
    'QUORUM=2    (default)',
    'BACKUP_S3_SECRET=(set)    (file)',
    'REDIS_URL=(set)    (environment)',
  ])
    expect(files['settings.txt']).toContain(`  ${line}\n`);
  expect(listSettings({}).filter(({ from }) => from !== 'default')).toEqual([]);
});

describe('no secret is in it', () => {
  test.each(Object.entries(SECRETS))('%s', (_, secret) => {
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('base64url'),
    ])
      for (const [name, text] of Object.entries(files))
        expect([name, text.includes(spelling)]).toEqual([name, false]);
    expect(Buffer.from(bytes).includes(secret)).toBe(false);
  });

  test('and the secrets were there to be found', () => {
    expect(files['journal.txt']!.split('[redacted]').length).toBeGreaterThan(12);
    expect(files['units.txt']).toContain('Environment=BACKUP_S3_SECRET=[redacted]');
    expect(files['health.txt']).toContain('the secret is [redacted]');
  });

  test('what is none stays readable', () => {
    const redactor = new Redactor({ BACKUP_S3_SECRET: 'a-long-secret', X_TOKEN: 'abc' }, null, []);
    const text =
      'bet 0193a1b2 of 5.00 at abc, tickets: 3, https://taps.example/ops?x=1, the token in /a is too short';
    expect(redactor.redact(text)).toBe(text);
  });
});

test('the command writes one file for its owner alone, and none over another', async () => {
  const path = join(root, 'support.zip');
  const quiet = { DATA_DIR: join(root, 'nowhere'), FEED: 'walk:1' };
  const { code, out } = await tapgrid(['support-bundle', '--out', path], { env: quiet });
  expect([code, statSync(path).mode & 0o777]).toEqual([0, 0o600]);
  expect(out).toStartWith(`${path}, `);
  expect(Object.keys(unzipSync(readFileSync(path)))).toContain('doctor.txt');
  expect(await tapgrid(['support-bundle', '--out', path], { env: quiet })).toMatchObject({
    code: 1,
    error: expect.stringContaining('EEXIST'),
  });
});

test('where the settings are wrong there is a bundle all the same, which says so', async () => {
  let made: Uint8Array = new Uint8Array();
  for await (const { bytes } of bundle({ QUORUM: '99' }, new Date(), { credentials })) made = bytes;
  const found = unzipSync(made);
  expect(Object.keys(found)).not.toContain('metrics.txt');
  expect(strFromU8(found['doctor.txt']!)).toContain('QUORUM is "99"');
}, 120_000);
