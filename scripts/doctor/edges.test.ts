import { describe, expect, test } from 'bun:test';
import { edges } from './edges.ts';

/** What the service manager says of edges, without one. */

const WELL = 'LoadState=loaded ActiveState=active SubState=running UnitFileState=enabled NRestarts=0';
const [ONE, TWO] = ['tapgrid-edge@1.service', 'tapgrid-edge@2.service'] as const;

function found(units: Readonly<Record<string, string>>, runs = true): string | null {
  const ask = ([, , name]: readonly string[]) => units[name!]?.replaceAll(' ', '\n') ?? 'LoadState=not-found';
  const [check, ...more] = edges({ edges: 2 }, ask, runs);
  expect(more).toEqual([]);
  return check === undefined ? null : `${check.state}: ${check.says}`;
}

describe('edges', () => {
  test('all at work', () => expect(found({ [ONE]: WELL, [TWO]: WELL })).toBe('well: 2 running'));

  test('one is away, or all', () => {
    const killed = 'LoadState=loaded ActiveState=activating SubState=auto-restart Result=oom-kill';
    expect(found({ [ONE]: killed, [TWO]: WELL })).toBe(
      'wrong: not running: tapgrid-edge@1 (oom-kill); the others serve everybody',
    );
    const stopped = 'LoadState=loaded ActiveState=inactive SubState=dead Result=success';
    expect(found({ [ONE]: killed, [TWO]: stopped })).toBe(
      'wrong: not running: tapgrid-edge@1 (oom-kill), tapgrid-edge@2 (inactive); nobody is served',
    );
  });

  test('one starts for the first time, one because it ended', () => {
    const starting = WELL.replace('active ', 'activating ').replace('running', 'start');
    expect(found({ [ONE]: starting, [TWO]: WELL })).toBe('warn: still starting: tapgrid-edge@1');
    expect(found({ [ONE]: starting.replace('NRestarts=0', 'NRestarts=1 Result=success'), [TWO]: WELL })).toBe(
      'wrong: not running: tapgrid-edge@1 (activating); the others serve everybody',
    );
  });

  test('one ends again and again', () =>
    expect(found({ [ONE]: WELL.replace('NRestarts=0', 'NRestarts=9'), [TWO]: WELL })).toBe(
      'warn: systemd had to restart tapgrid-edge@1 9 times',
    ));

  test('one does not start with the server', () =>
    expect(found({ [ONE]: WELL, [TWO]: WELL.replace('enabled', 'disabled') })).toBe(
      'warn: will not start with the server: tapgrid-edge@2',
    ));

  test('there are no such units, or no engine that they could ask', () => {
    expect(found({})).toBeNull();
    expect(found({ [ONE]: WELL }, false)).toBeNull();
  });
});
