import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettingsFile } from './config-file.ts';
import { configErrorText } from './config-text.ts';
import { loadConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'tapgrid.env');
function load(text: string, env: Record<string, string> = {}) {
  writeFileSync(file, text);
  return loadConfig({ ...env, SETTINGS_FILE: file });
}

// deploy/systemd/machine.test.ts asks a real systemd the same.
describe('a line means what it means to systemd', () => {
  test.each([
    ['A=1', '1'],
    ['  A = 1  ', '1'],
    ['A=', ''],
    ['A=one two', 'one two'],
    ['A=x & y; z | w', 'x & y; z | w'],
    ['A=p$a55$(id)`id`', 'p$a55$(id)`id`'],
    ['A="one two" ', 'one two'],
    ['A="a\\"b\\\\c\\$d\\ne"', 'a"b\\c$d\\ne'],
    ["A='a\\b\"c'", 'a\\b"c'],
    ['A="a" \'b\' c', 'abc'],
    ['A=it\'s "so"', 'it\'s "so"'],
    ['A=a\\ b\\\\c', 'a b\\c'],
    ['A=a \\\n  b', 'a   b'],
    ['A="a\nb"', 'a\nb'],
    ['A=a\\ ', 'a '],
    ['A=x # y', 'x # y'],
    ['A=live\r\nB=2', 'live'],
    ['# A=2\n; A=3\nA=1', '1'],
    ['A=1\nA=2', '2'],
  ])('%j', (text, value) => expect(parseSettingsFile(text).values.A).toBe(value));

  test('what is no line of settings is told by its number', () => {
    expect(parseSettingsFile('FEED=live\nexport A=1\n\nB\n1A=2\n').wrong).toEqual([
      { line: 2, text: 'export A=1' },
      { line: 4, text: 'B' },
      { line: 5, text: '1A=2' },
    ]);
    expect(parseSettingsFile('A="1\nB=2\n').wrong).toHaveLength(1);
  });
});

describe('the settings of a process', () => {
  test('the file goes before the environment, and an empty line for the default', () => {
    expect(load('FEED=walk:1\nPORT=\n', { FEED: 'live', ROWS: '20' })).toMatchObject({
      ok: { feed: 'walk:1', rows: 20, port: 3000 },
      hints: [],
    });
  });

  test('what is withheld does not exist, and nothing that hangs on it is missed', () => {
    const text = 'BACKUP_S3_BUCKET=bucket-of-tests\nBACKUP_DIR=/b\n';
    expect(load(text)).toMatchObject({ errors: [{ key: 'BACKUP_S3_KEY_ID' }] });
    expect(load(text, { SETTINGS_WITHHELD: 'BACKUP_S3_BUCKET REDIS_URL' })).toMatchObject({
      ok: { backupS3Bucket: null, backupDir: '/b' },
    });
  });

  test('a secret comes from the folder of credentials, and an empty one is none', () => {
    mkdirSync(join(folder, 'credentials'));
    for (const [name, text] of [
      ['BACKUP_S3_KEY_ID', 'key\n'],
      ['BACKUP_S3_SECRET', 'a-long-secret'],
      ['REDIS_URL', '\n'],
      ['OPERATOR_TOKEN', '\n'],
    ])
      writeFileSync(join(folder, 'credentials', `tapgrid_${name}`), text!);
    expect(
      load('BACKUP_S3_BUCKET=bucket-of-tests', { CREDENTIALS_DIRECTORY: join(folder, 'credentials') }),
    ).toMatchObject({
      ok: {
        backupS3KeyId: 'key',
        backupS3Secret: 'a-long-secret',
        redisUrl: null,
        operatorTokenFile: null,
      },
    });
  });

  test('lines that say nothing refuse the start, at once with wrong values, and show no secret', () => {
    const read = load('PORT=x\nexport BACKUP_S3_SECRET=do-not-show-me\n');
    const text = 'errors' in read ? configErrorText(read.errors) : '';
    expect(text).toContain(`line 2 of ${file} is "export BACKU…"; expected KEY=value`);
    expect(text).toContain('PORT is "x"');
    expect(text).not.toContain('do-not-show-me');
  });

  test('a file that cannot be read refuses the start', () =>
    expect(loadConfig({ SETTINGS_FILE: join(folder, 'none') })).toMatchObject({
      errors: [{ key: 'SETTINGS_FILE', bounds: 'a file readable by this user (ENOENT)' }],
    }));

  test('a file without any setting refuses the start: it is no house with defaults', () => {
    for (const text of ['', '\n', '# FEED=live\n; nothing\n'])
      expect(load(text, { FEED: 'live' })).toMatchObject({
        errors: [{ key: 'SETTINGS_FILE', bounds: expect.stringContaining('was it emptied by a full disk?') }],
      });
    // A file that sets something to nothing was written by somebody.
    expect(load('PORT=\n')).toMatchObject({ ok: { port: 3000 } });
  });

  test('what may be meant otherwise is said', () => {
    const { hints } = load(
      'FEED=live\nBACKUP_DIR=/b # another disk\nFEED=walk:1\nQUROUM=2\nTZ=UTC\nNO_PROXY=$HOSTS',
    );
    expect(hints).toEqual([
      expect.stringContaining('line 2: a # after a value does not start a comment; it is part of BACKUP_DIR'),
      expect.stringContaining('FEED is set in line 1 and again in line 3; the later one applies'),
      expect.stringContaining('line 6: $ is not expanded in NO_PROXY'),
      expect.stringContaining('TZ is not a setting and has no effect'),
      expect.stringContaining('QUROUM is not a setting. Did you mean QUORUM?'),
    ]);
  });
});
