import { describe, expect, test } from 'bun:test';
import { tapgrid } from '../../test/stage/command.ts';
import { optionsOf, readArguments } from '../command-line/arguments.ts';
import { entriesOf, entryIn } from '../command-line/table.ts';
import { COMMANDS } from './table.ts';

/** What every command owes to those who use it. */

const entries = entriesOf(COMMANDS);

test('no name stands twice, and none is the beginning of others', () => {
  const names = entries.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.filter((name) => names.some((other) => other.startsWith(`${name} `)))).toEqual([]);
  for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*( [a-z]+(-[a-z]+)*)?$/);
});

test('the general help names every command', async () => {
  const { code, out, error } = await tapgrid(['--help']);
  expect([code, error]).toEqual([0, '']);
  for (const { name, isInternal } of entries)
    if (isInternal !== true) expect(out).toMatch(new RegExp(`^ {2}${name} {2,}\\S`, 'm'));
  expect((await tapgrid(['help'])).out).toBe(out);
});

describe.each(entries.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  test('has help: what it does, its options, an example, its exit codes', async () => {
    const command = await entry.load();
    for (const words of [
      [...name.split(' '), '--help'],
      ['help', ...name.split(' ')],
      [...name.split(' '), '--nonsense', '-h'],
    ]) {
      const { code, out, error } = await tapgrid(words);
      expect([code, error]).toEqual([0, '']);
      expect(out).toContain(`Usage: tapgrid ${name} `);
      for (const option of Object.keys(optionsOf(command))) expect(out).toContain(`--${option}`);
      for (const word of Object.keys(command.words)) expect(out).toContain(`<${word}>`);
      expect(out).toContain(`\nExamples:\n  tapgrid ${name}`);
      expect(out).toMatch(/\nExit codes:\n {2}0 {3}/);
    }
  });

  test('has texts of its own, in sentences', async () => {
    const { about, options, words, exits } = await entry.load();
    expect(about).toMatch(/^[A-Z].{15,}\.$/s);
    expect(Object.keys(exits).length).toBeGreaterThan(0);
    for (const text of [
      entry.about,
      ...Object.values(options).map((option) => option.about),
      ...Object.values(words).map((word) => word.about),
    ])
      expect(text).toMatch(/^\S.+[^.]$/);
  });

  test('its examples are command lines that it understands', async () => {
    const command = await entry.load();
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      const line = example.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ''));
      const found = entryIn(COMMANDS, line);
      expect(found.entry.name).toBe(name);
      expect(readArguments(name, command, found.rest)).not.toBe('help');
    }
  });

  test('refuses an option that it does not have, and says which it has', async () => {
    const { code, out, error } = await tapgrid([...name.split(' '), '--hlep']);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(`${name} has no option --hlep. Did you mean --help? (unknown_option)`);
  });

  test('a required word is asked for by its name, one too many is refused', async () => {
    const command = await entry.load();
    const given = Object.entries(command.options).flatMap(([option, { required, choices }]) =>
      required ? [`--${option}`, choices?.[0] ?? 'x'] : [],
    );
    const names = Object.keys(command.words);
    const needed = names.filter((word) => command.words[word]!.mayBeMissing !== true);
    const say = (words: readonly string[]) => () => readArguments(name, command, [...words, ...given]);
    if (needed.length > 0) expect(say(needed.slice(1))).toThrow(`${name} needs <${needed.at(-1)}>`);
    expect(say([...names, 'more'])).toThrow('"more" is one too many');
    expect(say(names)()).toMatchObject({ json: false });
  });
});
