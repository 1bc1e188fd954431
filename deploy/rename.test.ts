import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In a tree; deploy/debian/debian.test.ts renames a house that runs. */
const tree = mkdtempSync(join(tmpdir(), 'tapgrid-rename-'));
const at = (path: string): string => join(tree, path);
const textAt = (path: string): string => readFileSync(at(path), 'utf8');
function run(script: string, ...words: string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['bash', join(import.meta.dir, script), ...words], {
    env: { PATH: `${at('bin')}:${process.env.PATH}`, DESTDIR: tree },
  });
  return { exitCode, text: `${stdout}${stderr}` };
}
const certificateOf = (path: string): string =>
  Bun.spawnSync(['openssl', 'x509', '-noout', '-subject', '-in', at(`etc/tapgrid/tls/${path}fullchain.pem`)])
    .stdout.toString()
    .trim();

beforeAll(() => {
  expect(run('provision.sh', '--server-name', 'taps.example', '--ssh-port', '2222').exitCode).toBe(0);
  appendFileSync(at('etc/tapgrid/tapgrid.env'), '# Mine.\nQUORUM=3\n');
  chmodSync(at('etc/tapgrid/tapgrid.env'), 0o600);
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each([[[]], [['Play.example']], [['a;b']], [['a.example', 'b.example']], [['--what']]])(
  '%j is wrong usage',
  (words) => expect(run('rename.sh', ...words).exitCode).toBe(2),
);

test('it says first what it would do', () => {
  expect(
    run('rename.sh', 'play.example', '--certificate', '--email', 'ann@taps.example', '--dry-run'),
  ).toMatchObject({
    exitCode: 0,
    text: expect.stringContaining('would rename taps.example to play.example'),
  });
  expect(textAt('etc/tapgrid/machine.conf')).toContain('SERVER_NAME=taps.example\n');
});

test('certbot needs an account: whoever has none is asked for an address, and its own reason is left standing', () => {
  const before = textAt('etc/tapgrid/machine.conf');
  mkdirSync(at('bin'));
  writeFileSync(
    at('bin/certbot'),
    `#!/bin/sh\necho "$*" >>'${at('certbot.log')}'\necho 'DNS problem' >&2\nexit 1\n`,
    {
      mode: 0o755,
    },
  );
  const request = (...words: string[]) => run('rename.sh', 'play.example', '--certificate', ...words);
  expect(request()).toMatchObject({ exitCode: 1, text: expect.stringContaining('add --email ADDRESS') });
  expect(existsSync(at('certbot.log'))).toBe(false);
  expect(request('--email', 'ann@taps.example')).toMatchObject({
    exitCode: 1,
    text: expect.stringMatching(/DNS problem\n[\s\S]*certbot says why above/),
  });
  expect(textAt('certbot.log')).toContain('--email ann@taps.example --agree-tos\n');
  mkdirSync(at('etc/letsencrypt/accounts/acme/directory/1'), { recursive: true });
  writeFileSync(at('etc/letsencrypt/accounts/acme/directory/1/regr.json'), '{}');
  request();
  expect(textAt('certbot.log').trim().split('\n').at(-1)).not.toContain('--email');
  expect(textAt('etc/tapgrid/machine.conf')).toBe(before);
});

test('the new name has the house, the old one leads to it, and nothing else of the settings changes', () => {
  const before = textAt('etc/tapgrid/tapgrid.env');
  expect(run('rename.sh', 'play.example')).toMatchObject({
    exitCode: 0,
    text: expect.stringMatching(
      /the house is https:\/\/play\.example; redirected to it: taps\.example\n.*sign in again/,
    ),
  });
  expect(textAt('etc/tapgrid/tapgrid.env')).toBe(
    before.replace('https://taps.example', 'https://play.example'),
  );
  expect(statSync(at('etc/tapgrid/tapgrid.env')).mode & 0o777).toBe(0o600);
  expect(textAt('etc/tapgrid/machine.conf')).toMatch(
    /SERVER_NAME=play\.example\nFORMER_NAMES=taps\.example\nSSH_PORTS=2222\n/,
  );
  expect(textAt('etc/nginx/conf.d/tapgrid.conf')).toContain('server_name play.example;');
  expect(textAt('etc/nginx/conf.d/tapgrid.former-taps.example.conf')).toContain(
    'return 308 https://play.example$request_uri;',
  );
  expect([certificateOf(''), certificateOf('taps.example/')]).toEqual([
    'subject=CN = play.example',
    'subject=CN = taps.example',
  ]);
});

test('the same again changes nothing', () => {
  const before = textAt('etc/tapgrid/machine.conf');
  const { exitCode, text } = run('rename.sh', 'play.example');
  expect([exitCode, text.includes('file /etc'), textAt('etc/tapgrid/machine.conf')]).toEqual([
    0,
    false,
    before,
  ]);
});

test('a certificate of an authority that is there is used', () => {
  mkdirSync(at('etc/letsencrypt/live/third.example'), { recursive: true });
  for (const name of ['privkey.pem', 'fullchain.pem'])
    writeFileSync(
      at(`etc/letsencrypt/live/third.example/${name}`),
      textAt(`etc/tapgrid/tls/taps.example/${name}`),
    );
  expect(run('rename.sh', 'third.example').text).not.toContain('self-signed');
  expect(textAt('etc/tapgrid/tls/fullchain.pem')).toBe(
    textAt('etc/letsencrypt/live/third.example/fullchain.pem'),
  );
  expect(textAt('etc/tapgrid/machine.conf')).toContain('FORMER_NAMES=taps.example play.example\n');
});

test('back to a name of before: it leads nowhere any more, and its certificate is there still', () => {
  expect(run('rename.sh', 'taps.example').exitCode).toBe(0);
  expect(existsSync(at('etc/nginx/conf.d/tapgrid.former-taps.example.conf'))).toBe(false);
  expect(textAt('etc/nginx/conf.d/tapgrid.former-play.example.conf')).toContain(
    'https://taps.example$request_uri',
  );
  expect([certificateOf(''), certificateOf('play.example/')]).toEqual([
    'subject=CN = taps.example',
    'subject=CN = play.example',
  ]);
});
