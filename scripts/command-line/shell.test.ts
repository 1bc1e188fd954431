import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { version } from '../../package.json';
import { Failure } from '../../server/ports/failure.ts';
import { command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { CommandFailure } from './failure.ts';
import { run } from './shell.ts';
import type { Table } from './table.ts';

/** The shell with commands of its own, then `tapgrid` as a process. */

const play = command({
  about: 'Plays a tape to its end.',
  words: { tape: { about: 'the file' }, again: { about: 'how often', mayBeMissing: true } },
  options: {
    speed: { value: '<n>', about: 'how fast', fallback: '1' },
    lock: { value: '<state>', about: 'the hold', choices: ['on', 'off'] },
    url: { value: '<url>', about: 'where', repeatable: true },
    quiet: { about: 'says nothing' },
  },
  examples: ['play it'],
  exits: { 0: 'played' },
  run: async (given, shell) => {
    if (given.words.tape === 'torn') throw new CommandFailure('torn', 'The tape is torn.', EXIT.undecided);
    if (given.words.tape === 'in use') throw new Failure('directory_in_use', 'Another process has it.');
    if (given.words.tape === 'odd') throw new Error('nobody thought of this');
    if (given.words.tape === 'half')
      return {
        exit: EXIT.wrong,
        report: [],
        text: '',
        trouble: { code: 'half', message: 'Half of it:\n  a' },
      };
    shell.say('it begins');
    shell.progress('playing', 0.5);
    shell.progress('playing', 1);
    return { exit: EXIT.ok, report: given, text: 'played\n' };
  },
});
const entry = (name: string) => ({ name, about: `about ${name}`, load: async () => play });
const TABLE: Table = [{ title: 'All', entries: [entry('play'), entry('tape cut'), entry('tape glue')] }];

async function typed(...words: string[]) {
  let [out, error] = ['', ''];
  const code = await run(TABLE, words, {
    out: (text) => void (out += text),
    error: (text) => void (error += text),
    written: async () => true,
    drawable: words.includes('drawn'),
    input: async () => '',
    env: {},
  });
  return { code, out, error };
}

test('a command is given its words and options, wherever they stand', async () => {
  for (const words of [
    ['--json', 'play', 'a', '--url', 'x', '--speed=2', '--url', 'y', '--quiet'],
    ['play', '--quiet', '--url=x', 'a', '--url=y', '--speed', '2', '--json'],
  ])
    expect(JSON.parse((await typed(...words)).out)).toEqual({
      words: { tape: 'a' },
      options: { speed: '2', url: ['x', 'y'], quiet: true },
      json: true,
    });
  expect(JSON.parse((await typed('play', 'a', '--json')).out).options).toEqual({
    speed: '1',
    url: [],
    quiet: false,
  });
  expect(JSON.parse((await typed('play', 'a', '--json', '--', '--b')).out).words.again).toBe('--b');
  expect((await typed('play', '--', 'a', '--json')).out).toBe('played\n');
  for (const number of ['-5', '-5.50', '-.5'])
    expect(JSON.parse((await typed('play', 'a', number, '--json')).out).words.again).toBe(number);
  expect(JSON.parse((await typed('play', 'a', '--speed', '-5', '--json')).out).options.speed).toBe('-5');
});

test('the answer goes to standard output, progress and lines go to standard error', async () => {
  const plain = { code: EXIT.ok, out: 'played\n', error: 'it begins\nplaying: 50 % \nplaying: 100 % \n' };
  expect(await typed('play', 'a')).toEqual(plain);
  const drawn = await typed('play', 'drawn');
  expect(drawn).toMatchObject({ code: 0, out: 'played\n' });
  expect(drawn.error).toMatch(/^it begins\n\r\x1b\[Kplaying █{15}░{15} 50 % .*\r\x1b\[K$/);
});

test.each([
  [['plya', 'a'], 'unknown_command', 'Unknown command plya. Did you mean play?'],
  [['dance'], 'unknown_command', 'Unknown command dance.'],
  [['toString'], 'unknown_command', 'Unknown command toString.'],
  [['play', 'a', '--toString'], 'unknown_option', 'play has no option --toString.'],
  [['tape'], 'missing_command', 'tape needs one of: cut, glue.'],
  [['tape', 'glu'], 'unknown_command', 'Unknown command tape glu. Did you mean tape glue?'],
  [['tape', 'burn'], 'unknown_command', 'Unknown command tape burn. Expected one of: cut, glue.'],
  [['help', 'dance'], 'unknown_command', 'Unknown command dance.'],
  [['--speed'], 'unknown_option', '--speed is not an option here: put the command first.'],
  [['play', 'a', '--sped', '2'], 'unknown_option', 'play has no option --sped. Did you mean --speed?'],
  [['play', 'a', '-s'], 'unknown_option', 'play has no option -s.'],
  [['play', 'a', '--speed'], 'missing_value', '--speed needs a value: --speed <n>.'],
  [['play', 'a', '--speed', '--quiet'], 'missing_value', '--speed needs a value: --speed <n>.'],
  [
    ['play', 'a', '--speed', '--fast'],
    'missing_value',
    'Write a value that starts with a dash as --speed=--fast.',
  ],
  [['play', 'a', '--speed='], 'missing_value', '--speed must not be empty.'],
  [['play', 'a', '--quiet=yes'], 'unexpected_value', '--quiet does not take a value.'],
  [['play', 'a', '--lock', 'up'], 'bad_value', '--lock must be on or off, not up.'],
  [['play', 'a', '--speed', '1', '--speed', '2'], 'repeated_option', '--speed may be given only once.'],
  [['play'], 'missing_argument', 'play needs <tape>: the file.'],
  [['glue'], 'unknown_command', 'Unknown command glue. Did you mean tape glue?'],
  [['play-it'], 'unknown_command', 'Unknown command play-it. Did you mean play?'],
  [
    ['play', 'a', 'b', 'c'],
    'unexpected_argument',
    'takes <tape> <again> besides its options; "c" is one too many.',
  ],
] as const)('%j is refused: %s', async (words, code, sentence) => {
  const { code: exit, out, error } = await typed(...words);
  expect([exit, out]).toEqual([EXIT.usage, '']);
  expect(error).toContain(`${sentence} (${code})\nHelp: tapgrid `);
  const { out: json, error: said } = await typed(...words, '--json');
  // An option that lacks its value takes what follows for one.
  if (code !== 'missing_value') expect(JSON.parse(json).error).toMatchObject({ code });
  expect(said).toContain(`(${code})`);
});

test.each([
  [
    'torn',
    EXIT.undecided,
    'The tape is torn. (torn)\n',
    { error: { code: 'torn', message: 'The tape is torn.' } },
  ],
  [
    'in use',
    EXIT.wrong,
    'Another process has it. (directory_in_use)\n',
    { error: { code: 'directory_in_use', message: 'Another process has it.' } },
  ],
  ['half', EXIT.wrong, 'Half of it (half):\n  a\n', []],
] as const)('a command that fails says why, and in JSON too: %s', async (tape, exit, said, report) => {
  expect(await typed('play', tape)).toEqual({ code: exit, out: '', error: said });
  const { code, out, error } = await typed('play', tape, '--json');
  expect([code, error, JSON.parse(out)]).toEqual([exit, said, report]);
});

test('an unexpected error has an exit code of its own, and shows where it was', async () => {
  const { code, out, error } = await typed('play', 'odd');
  expect([code, out]).toEqual([EXIT.internal, '']);
  expect(error).toMatch(/^Unexpected error \(internal\):\nError: nobody thought of this\n +at /);
});

test('commands that begin with the same word have help together', async () => {
  for (const words of [
    ['tape', '--help'],
    ['help', 'tape'],
  ])
    expect(await typed(...words)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Usage: tapgrid tape <command>[\s\S]+tape cut {3}about tape cut/),
      error: '',
    });
});

test('the version is told', async () => expect((await typed('--version')).out).toBe(`${version}\n`));

/** `tapgrid` as a process, in a folder without books. */
function ran(words: readonly string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, '../tapgrid.ts'), ...words],
    { env: { PATH: process.env['PATH'], DATA_DIR: '/nonexistent' } },
  );
  return { exitCode, out: stdout.toString(), error: stderr.toString() };
}

test.each([
  ['help', ['--help'], 0, 'Usage: tapgrid <command>', ''],
  ['help of a command', ['halt', '--help'], 0, 'Usage: tapgrid halt --reason <text>', ''],
  ['an unknown command', ['hlat'], 2, '', 'Did you mean halt? (unknown_command)'],
  ['an unknown option', ['audit', '--curser', 'x'], 2, '', 'Did you mean --cursor? (unknown_option)'],
  ['a missing value', ['halt', '--reason'], 2, '', '(missing_value)'],
  ['two commands', ['waiting', 'audit'], 2, '', '"audit" is one too many. (unexpected_argument)'],
  ['no house', ['audit'], 3, '', '(not_reached)'],
] as const)('as a process: %s', (_, words, exit, out, error) => {
  const said = ran(words);
  expect(said.exitCode).toBe(exit);
  if (out === '') expect(said.out).toBe('');
  else expect(said.out).toContain(out);
  if (error === '') expect(said.error).toBe('');
  else expect(said.error).toContain(error);
});

test('as a process: with --json standard output is JSON and nothing else, whatever happens', () => {
  for (const words of [['doctor'], ['audit'], ['hlat'], ['accounts', 'find', 'abc']])
    expect(JSON.parse(ran([...words, '--json']).out)).toBeTruthy();
});

/** A program whose one command answers with more than a pipe holds. */
const LONG = `
  const { main } = await import('${join(import.meta.dir, 'main.ts')}');
  const { command } = await import('${join(import.meta.dir, 'command.ts')}');
  const long = command({ about: '', examples: [], exits: {}, run: async () => ({ exit: 3, report: null, text: 'x'.repeat(3e6) }) });
  await main(['long'], [{ title: '', entries: [{ name: 'long', about: '', load: async () => long }] }]);`;

test('as a process: a long answer is written to its end, however slowly it is read', async () => {
  const child = Bun.spawn([process.execPath, '-e', LONG], { stdout: 'pipe', stderr: 'pipe' });
  const reader = child.stdout.getReader();
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    // Longer than the process waits for a request that nobody answers.
    if (bytes === 0) await Bun.sleep(1_500);
    bytes += part.value.length;
  }
  expect([bytes, await child.exited, await new Response(child.stderr).text()]).toEqual([3e6, 3, '']);
});

test('as a process: a reader that has seen enough changes neither the exit code nor standard error', async () => {
  const child = Bun.spawn(
    ['bash', '-c', `"$0" -e "$1" | head -c 5; echo " $\{PIPESTATUS[0]}"`, process.execPath, LONG],
    {
      stdout: 'pipe',
      stderr: 'pipe',
    },
  );
  const [out, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect([out, error]).toEqual(['xxxxx 3\n', '']);
});

/** A program whose one command answers part by part for as long as somebody reads. */
const ENDLESS = `
  const { main } = await import('${join(import.meta.dir, 'main.ts')}');
  const { command } = await import('${join(import.meta.dir, 'command.ts')}');
  const run = async (_, shell) => {
    while (await shell.answer('x'.repeat(1e5)));
    return { exit: 0, report: undefined, text: '' };
  };
  const endless = command({ about: '', examples: [], exits: {}, run });
  await main(process.argv.slice(1), [{ title: '', entries: [{ name: 'endless', about: '', load: async () => endless }] }]);`;

test.each([[[]], [['--json']]])(
  'as a process: an answer in parts ends once nobody reads any more; no part waits in memory (%j)',
  async (words) => {
    const child = Bun.spawn(
      [
        'bash',
        '-c',
        `"$0" -e "$1" endless "\${@:2}" | head -c 5000000 | wc -c; echo "$\{PIPESTATUS[0]}"`,
        process.execPath,
        ENDLESS,
        ...words,
      ],
      { stdout: 'pipe', stderr: 'pipe' },
    );
    const [out, error] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    expect([out, error]).toEqual(['5000000\n0\n', '']);
  },
);

test('as a process: every command is found from any folder', () => {
  const table = join(import.meta.dir, '../commands/table.ts');
  const load = `
    const { COMMANDS } = await import('${table}');
    for (const { entries } of COMMANDS) for (const entry of entries) await entry.load();`;
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, '-e', load], { cwd: '/' });
  expect([exitCode, stderr.toString()]).toEqual([0, '']);
});
