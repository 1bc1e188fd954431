import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Wallet } from 'ethers';
import { cellId, cellOfRow } from '../server/game/grid.ts';
import { signedText } from '../server/game/tap.ts';
import { proofText } from '../server/identity/sign-in-text.ts';
import { drawnByChild } from '../server/http/cards/child.ts';
import { drawnPng } from '../server/http/cards/drawing.ts';
import { buildRelease } from './build-release.ts';
import { notesOf } from './build-release/notes.ts';
import { packArchive, packRelease, SIGNED_AS, type Packed } from './build-release/pack.ts';
import { entriesOf } from './command-line/table.ts';
import { COMMANDS } from './commands/table.ts';
import { freePort } from '../test/stage/free-port.ts';

/** The release on a machine that has neither Bun on its path nor the sources. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-release-'));
const home = join(root, 'elsewhere');
const BUILD = { version: '9.8.7', commit: 'c'.repeat(40), builtAt: '2026-01-02T03:04:05Z' };
let packed: Packed;
const env = {
  PATH: '/usr/bin:/bin',
  HOME: root,
  DATA_DIR: join(root, 'data'),
  FEED: 'walk:7:1',
  LOG_LEVEL: 'error',
};
let server: Bun.Subprocess<'ignore', 'ignore', 'pipe'>;
let origin: string;
let betId: string;

beforeAll(async () => {
  const built = await buildRelease(join(root, 'out'), BUILD);
  expect(basename(built)).toBe(`tapgrid-9.8.7-linux-${process.arch}`);
  packed = await packRelease(built, BUILD, await keyIn(root));
  renameSync(built, home);
  mkdirSync(join(root, 'empty'));
  const port = freePort();
  origin = `http://localhost:${port}`;
  server = Bun.spawn([join(home, 'tapgrid')], {
    cwd: join(root, 'empty'),
    env: { ...env, PORT: `${port}` },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  for (let tries = 0; tries < 4_000; tries++) {
    if (server.exitCode !== null)
      throw new Error(`the server ended: ${await new Response(server.stderr).text()}`);
    if ((await fetch(`${origin}/api/v1/grid`).catch(() => null))?.status === 200) return;
    await Bun.sleep(25);
  }
  throw new Error('the server gave no grid');
}, 180_000);
afterAll(async () => {
  server?.kill('SIGTERM');
  await server?.exited;
  rmSync(root, { recursive: true, force: true });
});

const inHome = (...words: string[]) => Bun.spawnSync(words, { cwd: join(root, 'empty'), env });
function ran(program: string, words: readonly string[], more: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([join(home, program), ...words], {
    cwd: join(root, 'empty'),
    env: { ...env, ...more },
  });
  return { code: exitCode, out: stdout.toString(), error: stderr.toString() };
}
const tapgrid = (...words: string[]) => ran('tapgrid', words);

async function sessionKey() {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const sign = async (text: string): Promise<string> =>
    Buffer.from(
      await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        new TextEncoder().encode(text),
      ),
    ).toString('base64url');
  return {
    publicKey: Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url'),
    sign,
  };
}

async function post(path: string, body: unknown, token?: string): Promise<any> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return (await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

test('the page comes with its styles and scripts', async () => {
  const page = await (await fetch(`${origin}/`)).text();
  const files = [...page.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]!);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) expect([file, (await fetch(`${origin}${file}`)).status]).toEqual([file, 200]);
  // What a page fetches when it is first needed; of the verifier's sources there are none here.
  for (const name of ['watch.js', 'receipt.js', 'receipt.css', 'verifier.js']) {
    const file = await fetch(origin + files[0]!.replace(/[^/]+$/, name));
    expect([name, file.status, file.headers.get('cache-control')]).toEqual([
      name,
      200,
      'public, max-age=31536000, immutable',
    ]);
    if (name === 'verifier.js') expect(await file.text()).toContain('published bet');
  }
});

test('a bet is taken: the Worker of the ledger writes', async () => {
  const { publicKey, sign } = await sessionKey();
  const { session, token } = await post('/api/v1/practice', { publicKey });
  const tap = async () => {
    const grid: any = await (await fetch(`${origin}/api/v1/grid`)).json();
    const column = grid.columns.filter(({ locked }: any) => !locked)[3];
    const row = column.multipliers.findIndex((one: number | null) => one !== null);
    const order = {
      nonce: crypto.randomUUID(),
      deadline: Date.now() + 10_000,
      taps: [
        {
          cell: cellId(cellOfRow(column, row, grid.windowMs)),
          stake: 5_000_000 as never,
          multiplier: column.multipliers[row],
          revision: grid.revision,
        },
      ],
    };
    return post(
      '/api/v1/taps',
      { ...order, signature: await sign(signedText(origin, session.id, order)) },
      token,
    );
  };
  // A quote may grow old on the way, and nothing is for sale for a moment after a jump of the price.
  let answer = await tap();
  for (let tries = 0; answer.error !== undefined && tries < 240; tries++)
    answer = (await Bun.sleep(250), await tap());
  expect(answer.results[0]).toMatchObject({ status: 'accepted', balance: 9_995_000_000 });
  ({ betId } = answer.results[0]);
});

test('the card of a win is drawn: renderer and font are in the executable, and its license beside it', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">' +
    '<text y="200" font-size="99">8.40×</text></svg>';
  const stopped = new AbortController().signal;
  const card = await drawnByChild([join(home, 'tapgrid')], svg, stopped);
  expect(Buffer.compare(card, await drawnPng(svg))).toBe(0);
  const empty = svg.replace('8.40×', '');
  expect(Buffer.compare(card, await drawnByChild([join(home, 'tapgrid')], empty, stopped))).not.toBe(0);
  expect(await Bun.file(join(home, 'LICENSE-Inter.txt')).text()).toContain('SIL Open Font License');
}, 60_000);

test('a wallet signs in: the Worker of the wallets answers', async () => {
  const { publicKey, sign } = await sessionKey();
  const wallet = Wallet.createRandom();
  const { challengeId, message } = await post('/api/v1/login/challenge', {
    address: wallet.address,
    chainId: 1,
    publicKey,
  });
  const answer = await post('/api/v1/login', {
    challengeId,
    signature: await wallet.signMessage(message),
    proof: await sign(proofText(challengeId, message)),
  });
  expect(answer.account).toMatchObject({ currency: 'USD', balance: 0 });
});

describe('every command is inside the executable', () => {
  test.each(entriesOf(COMMANDS).map(({ name }) => [name]))('%s has its help', (name) => {
    const { code, out, error } = tapgrid(...name.split(' '), '--help');
    expect([code, error]).toEqual([0, '']);
    expect(out).toContain(`Usage: tapgrid ${name}`);
  });

  test('an operator halts, looks and resumes while the server runs', () => {
    expect(tapgrid('halt', '--reason', 'a drill', '--by', 'Ann')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Halt'),
    });
    expect(tapgrid('audit')).toMatchObject({ code: 0, out: expect.stringContaining('a drill') });
    expect(tapgrid('resume', '--reason', 'over', '--by', 'Ann').code).toBe(0);
    expect(JSON.parse(tapgrid('doctor', '--json').out)).toContainEqual(
      expect.objectContaining({ name: 'database', state: 'well' }),
    );
    expect(tapgrid('accounts', 'find', 'nobody').code).toBe(1);
    expect(tapgrid('accounts', 'gaps').code).toBe(0);
    expect(tapgrid('waiting').code).toBe(0);
  }, 60_000);

  test('the books are checked, backed up, restored and archived', () => {
    expect(tapgrid('verify-ledger', '--json')).toMatchObject({ code: 0 });
    expect(tapgrid('backup', 'run')).toMatchObject({ code: 0, out: expect.stringContaining('snapshot') });
    expect(tapgrid('backup', 'verify')).toMatchObject({ code: 0 });
    const [from, to] = [join(root, 'data/backups'), join(root, 'restored')];
    expect(tapgrid('restore', '--from', from, '--to', to)).toMatchObject({
      code: 0,
      out: expect.stringContaining('verified'),
    });
    const { code, out } = tapgrid('archive', 'run', '--json');
    expect([code, JSON.parse(out).through]).toEqual([0, 'the server']);
    expect(tapgrid('archive', 'status').code).toBe(0);
  }, 180_000);

  test('prices are recorded, imported and replayed', () => {
    const [tape, again] = [join(root, 'tape.csv'), join(root, 'again.csv.gz')];
    expect(tapgrid('record', '--out', tape, '--feed', 'walk:3', '--seconds', '2')).toMatchObject({ code: 0 });
    expect(tapgrid('import', tape, '--out', again)).toMatchObject({ code: 0 });
    expect(tapgrid('replay', again, '--lock', 'off', '--traders', 'random', '--json')).toMatchObject({
      code: 0,
    });
  }, 120_000);

  test('a receipt is checked against the house', async () => {
    const receipt = await (await fetch(`${origin}/api/v1/bets/${betId}/receipt`)).text();
    writeFileSync(join(root, 'receipt.json'), receipt);
    const { code, out } = tapgrid('verify-receipt', join(root, 'receipt.json'), '--against', origin);
    expect([0, 3]).toContain(code);
    expect(out).toMatch(/^ok {4}shape /);
  });

  test('what is no command is refused', () => {
    expect(tapgrid('hlat')).toMatchObject({ code: 2, error: expect.stringContaining('Did you mean halt?') });
    expect(ran('tapgrid', ['start'], { PORT: 'x' })).toMatchObject({
      code: 2,
      error: expect.stringContaining('PORT is "x"'),
    });
  });

  test('the names of before lead to it', () => {
    expect(ran('run', ['verify-ledger', '--help']).out).toContain('Usage: tapgrid verify-ledger');
    expect(ran('run', ['tapgrid', 'audit']).code).toBe(0);
    expect(ran('run', ['record-feed', '--help']).out).toContain('Usage: tapgrid record');
    expect(ran('run', ['nothing'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('there is no command nothing'),
    });
    expect(ran('run', ['../run']).code).toBe(2);
  });
});

test('it says what it was built from, to whoever asks', async () => {
  expect(await (await fetch(`${origin}/version`)).json()).toEqual(BUILD);
  const operations = { unix: join(root, 'data/operations.sock') };
  expect(await (await fetch('http://x/version', operations)).json()).toEqual(BUILD);
  expect(await (await fetch('http://x/metrics', operations)).text()).toContain(
    `tapgrid_build_info{version="9.8.7",commit="${BUILD.commit}",`,
  );
  expect(inHome(join(home, 'tapgrid'), '--version').stdout.toString()).toBe(
    `9.8.7 (commit ${BUILD.commit}, built ${BUILD.builtAt})\n`,
  );
  expect(await Bun.file(join(home, 'release.json')).json()).toMatchObject({ ...BUILD, platform: 'linux' });
});

test('it brings what installs it, and nothing that only tests need', async () => {
  const files = [...new Bun.Glob('**/*').scanSync(home)];
  expect(files).toEqual(
    expect.arrayContaining([
      'deploy/provision.sh',
      'deploy/deploy.sh',
      'deploy/systemd/tapgrid.service',
      'deploy/nginx/tapgrid.conf',
      'deploy/host/nftables.conf',
      'deploy/monitoring/rules.yml',
      'docs/runbook.md',
      'verifier/verify.py',
      'NOTES.md',
    ]),
  );
  expect(files.filter((path) => /\.test\.|^test\/|deploy\/.*\.ts$/.test(path))).toEqual([]);
  expect(statSync(join(home, 'deploy/deploy.sh')).mode & 0o111).toBe(0o111);
});

test.skipIf(Bun.which('python3') === null)('the second verifier of the release reads real books', () => {
  const books = join(root, 'books.db');
  const from = new Database(join(root, 'data/tapgrid.db'), { readonly: true });
  from.run(`VACUUM INTO '${books}'`);
  from.close();
  const verify = (verifier: string) => {
    const { exitCode, stdout, stderr } = inHome('python3', verifier, books);
    return { code: exitCode, out: stdout.toString(), error: stderr.toString() };
  };
  expect(verify(join(home, 'verifier/verify.py'))).toMatchObject({
    code: 0,
    out: expect.stringContaining('All that was checked holds.'),
    error: '',
  });
  // Without the schema nothing can be said about the books, least of all that they are broken.
  const alone = join(root, 'alone/verifier/verifier');
  cpSync(join(home, 'verifier'), alone, { recursive: true });
  expect(verify(join(alone, 'verify.py'))).toMatchObject({
    code: 2,
    out: '',
    error: expect.stringContaining('the migrations are missing'),
  });
});

test('a fresh clone is sent to install the dependencies, in one line', () => {
  const clone = join(root, 'clone');
  for (const path of ['scripts', 'server', 'static', 'views', 'package.json', 'tsconfig.json', 'bunfig.toml'])
    cpSync(join(import.meta.dir, '..', path), join(clone, path), { recursive: true });
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, 'scripts/build-release.ts', '--no-pack'],
    {
      cwd: clone,
    },
  );
  expect([exitCode, stdout.toString(), stderr.toString()]).toEqual([
    1,
    '',
    expect.stringMatching(/^.*the dependencies are not installed.*run: bun install\n$/),
  ]);
});

describe('what goes to machines', () => {
  const at = (name: string): string => join(root, 'out', name);
  const verify = (file: string) =>
    Bun.spawnSync(
      [
        'ssh-keygen',
        '-Y',
        'verify',
        '-f',
        join(root, 'signers'),
        '-I',
        'tapgrid',
        '-n',
        SIGNED_AS,
        '-s',
        at(packed.signature!),
      ],
      { stdin: Bun.file(file) },
    ).exitCode;

  test('checksums fit archive and package, and the signature fits the checksums and nothing else', async () => {
    expect(Bun.spawnSync(['sha256sum', '--check', '--strict', packed.sums], { cwd: at('') }).exitCode).toBe(
      0,
    );
    expect(await Bun.file(at(packed.sums)).text()).toMatch(/ {2}tapgrid-9\.8\.7-[^\n]*\.tar\.gz\n/);
    const other = join(root, 'other');
    writeFileSync(other, `${await Bun.file(at(packed.sums)).text()}\n`);
    expect([verify(at(packed.sums)), verify(other)]).toEqual([0, 255]);
  });

  test('the archive is the folder, owned by root, and the same again from the same', async () => {
    const list = Bun.spawnSync([
      'tar',
      '--list',
      '--verbose',
      '--numeric-owner',
      '-zf',
      at(packed.archive),
    ]).stdout.toString();
    expect(list.split('\n').filter((line) => line !== '' && !line.includes(' 0/0 '))).toEqual([]);
    expect(list).toContain(`tapgrid-9.8.7-linux-${process.arch}/SHA256SUMS`);
    const before = Bun.hash(await Bun.file(at(packed.archive)).bytes());
    renameSync(home, join(root, 'out', `tapgrid-9.8.7-linux-${process.arch}`));
    packArchive(join(root, 'out', `tapgrid-9.8.7-linux-${process.arch}`), BUILD);
    renameSync(join(root, 'out', `tapgrid-9.8.7-linux-${process.arch}`), home);
    expect(Bun.hash(await Bun.file(at(packed.archive)).bytes())).toBe(before);
  });

  test.skipIf(Bun.which('dpkg-deb') === null)('the package carries it and starts nothing', () => {
    const list = Bun.spawnSync(['dpkg-deb', '--contents', at(packed.deb!)]).stdout.toString();
    for (const path of [
      'usr/lib/tapgrid/release/tapgrid',
      'usr/sbin/tapgrid-deploy',
      'usr/sbin/tapgrid-provision',
    ])
      expect(list).toContain(`./${path}`);
    expect(Bun.spawnSync(['dpkg-deb', '--field', at(packed.deb!), 'Version']).stdout.toString()).toBe(
      '9.8.7\n',
    );
    const script = Bun.spawnSync(['dpkg-deb', '--info', at(packed.deb!), 'postinst']).stdout.toString();
    expect(script).not.toContain('systemctl');
  });
});

test.each([
  ['a released version', '1.1.0', '# Tapgrid 1.1.0\n\n- new\n'],
  ['one that is not released yet', '2.0.0', '# Tapgrid 2.0.0\n\n- next\n'],
  [
    'one without a word',
    '1.0.0',
    '# Tapgrid 1.0.0\n\nNo changes that traders, operators or programs notice.\n',
  ],
])('the notes of %s', (_, version, notes) => {
  const log =
    '# Changelog\n\n## [Unreleased]\n\n- next\n\n## [1.1.0] - 2026-01-02\n\n' +
    '- new\n\n## [1.0.0] - 2026-01-01\n';
  expect(notesOf(log, version)).toBe(notes);
});

async function keyIn(folder: string): Promise<string> {
  const key = join(folder, 'key');
  Bun.spawnSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key]);
  writeFileSync(join(folder, 'signers'), `tapgrid ${await Bun.file(`${key}.pub`).text()}`);
  return key;
}

test('every file is the one that was built', () => {
  const { exitCode, stdout } = Bun.spawnSync(['sha256sum', '--check', '--quiet', 'SHA256SUMS'], {
    cwd: home,
    env,
  });
  expect([exitCode, stdout.toString()]).toEqual([0, '']);
});
