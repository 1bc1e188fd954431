import { expect, test } from 'bun:test';
import { secretsIn } from './secrets.ts';

// Put together here, so that this file does not accuse itself.
const word = (length: number): string => 'aB3dE5gH7jK9mN1p'.repeat(6).slice(0, length);
const HEX = '0123456789abcdef'.repeat(4);

test.each<[kind: string, text: string]>([
  ['a private key', `-----BEGIN ${'PRIVATE'} KEY-----`],
  ['a private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----`],
  ['a private key', `-----BEGIN PGP ${'PRIVATE'} KEY BLOCK-----`],
  ['a private key', `privateKey: '${word(43)}'`],
  ['a private key', `"private_key": "${word(86)}=="`],
  ['a private key', `{"kty":"EC","d":"${word(43)}"}`],
  ['an access key of AWS', `${'AK'}IAIOSFODNN7EXAMPLE`],
  ['a secret of AWS', `AWS_${'SECRET'}_ACCESS_KEY=${word(40)}`],
  ['a token of GitHub', `${'gh'}p_${word(36)}`],
  ['a token of GitHub', `${'github'}_pat_${word(40)}`],
  ['a token of GitLab', `${'gl'}pat-${word(20)}`],
  ['a token of npm', `${'np'}m_${word(36)}`],
  ['a token of Slack', `${'xo'}xb-${word(24)}`],
  ['a key of Google', `${'AI'}za${word(35)}`],
  ['a key of Stripe', `${'sk'}_live_${word(24)}`],
  ['a signed token', `${'ey'}J${word(20)}.eyJ${word(20)}.${word(20)}`],
  ['a password in an address', `postgres://admin:${'hunter2'}secret@db.internal:5432/house`],
  ['a password in an address', `redis://:${'hunter2'}secret@10.0.0.7:6379`],
  ['a key of 64 hex digits', `const key = '${HEX}';`],
  ['a key of 64 hex digits', `0x${HEX.toUpperCase()}`],
])('%s is found: %j', (kind, text) =>
  expect(secretsIn('server/file.ts', `first line\n${text}\n`)).toEqual([{ kind, line: 2 }]),
);

test.each<[path: string, text: string]>([
  ['server/file.ts', `const sha256 = '${HEX}';`],
  ['server/file.ts', `sha256: {\n  'linux-x64': '${HEX}',\n`],
  ['deploy/host/bun.sha256', `${HEX}  bun-1.4.5`],
  ['server/file.ts', `'${'0'.repeat(64)}'`],
  ['test/vectors/siwe/parsing.json', `"${HEX}"`],
  ['server/file.ts', `'${HEX}${HEX}'`],
  ['server/file.ts', `publicKey: '${word(43)}'`],
  ['server/file.ts', "privateKey: 'ahbGAYQdJj5tcVRsHMt15f-4Rt4YMaQkbcq258OctrM'"],
  ['server/file.ts', "privateKey: await readKey('file')"],
  ['server/file.ts', 'redis://tapgrid:s3cret@127.0.0.1:6379'],
  ['server/file.ts', 'redis://tapgrid:s3cret@[::1]:6379'],
  ['server/file.ts', 'http://user:hidden@proxy.example:3128'],
  ['server/file.ts', 'postgres://user:password@db.internal/house'],
  ['server/file.ts', 'redis://user:${password}@db.internal'],
  ['server/file.ts', 'redis://user:$password@db.internal'],
  ['docs/file.md', 'redis://user:<password>@db.internal'],
  ['server/file.ts', "const url = 'https://venue.internal:443/a'; // by somebody@mail.internal"],
  ['server/file.ts', 'A token begins with ghp_ and a key with AKIA.'],
])('%s is left in peace: %j', (path, text) => expect(secretsIn(path, text)).toEqual([]));

test('a digest far above names no key below', () =>
  expect(secretsIn('server/file.ts', `digest\n\n\n\n\n${HEX}`)).toHaveLength(1));
