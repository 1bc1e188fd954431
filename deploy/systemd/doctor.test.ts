import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { machineIsPossible, startMachine, type Machine } from './machine.ts';

/** The doctor on a machine with a real systemd, on its bad days. */

interface Said {
  readonly name: string;
  readonly state: string;
  readonly says: string;
  readonly follows?: string;
}

describe.skipIf(!machineIsPossible)('the doctor, on a machine with a real systemd', () => {
  let machine: Machine;
  beforeAll(async () => void (machine = await startMachine()), 180_000);
  afterAll(() => machine.stop());

  const COMMAND = 'tapgrid doctor';
  /**
   * What is wrong, in the order in which it is told. This machine has no proxy, and lets a process have as
   * many open files as the one that tests.
   */
  const ELSEWHERE = ['proxy', 'files'];
  const wrong = (words = ''): { code: number; heard: readonly Said[] } => {
    const { exitCode, text, error } = machine.run(`${COMMAND} --json ${words}`);
    if (text === '') throw new Error(error);
    const said = JSON.parse(text);
    const checks: readonly Said[] = said.checks ?? said;
    return {
      code: exitCode,
      heard: checks.filter(({ name, state }) => state === 'wrong' && !ELSEWHERE.includes(name)),
    };
  };
  const names = ({ heard }: ReturnType<typeof wrong>) =>
    heard.map(({ name, follows }) => [name, follows ?? null] as const);
  const answers = () =>
    machine.run('curl --silent --unix-socket /run/tapgrid/http.sock http://x/readyz').text.includes('true');

  test('timers that were never started are found, and started by --fix', async () => {
    await machine.until('the server', answers);
    machine.run('chmod 700 /etc/tapgrid/credentials');
    const { heard } = wrong();
    expect(heard.map(({ name }) => name)).toEqual(['timers']);
    expect(heard[0]!.says).toContain('tapgrid-backup.timer');
    expect(names(wrong('--fix'))).toEqual([]);
    expect(machine.run('systemctl is-active tapgrid-tail.service tapgrid-backup.timer').text).toBe(
      'active\nactive\n',
    );
  }, 60_000);

  test('credentials that other users can read are, and are closed', () => {
    machine.run('chmod 644 /etc/tapgrid/credentials/REDIS_URL');
    expect(names(wrong())).toEqual([['secrets', null]]);
    expect(names(wrong('--fix'))).toEqual([]);
    expect(machine.run('stat -c %a /etc/tapgrid/credentials/REDIS_URL').text).toBe('600\n');
  }, 60_000);

  test('a house that was stopped is down', async () => {
    machine.run('systemctl stop tapgrid');
    const { code, heard } = wrong();
    expect([code, heard.map(({ name, follows }) => [name, follows ?? null])]).toEqual([
      1,
      [
        ['unit', null],
        ['server', 'unit'],
      ],
    ]);
    machine.run('systemctl start tapgrid');
    await machine.until('the server', answers);
  }, 60_000);

  test('a start loop: the setting that makes it is told first', async () => {
    machine.run('echo QUORUM=99 >>/etc/tapgrid/tapgrid.env && systemctl restart tapgrid || true');
    await machine.until('a restart', () => Number(machine.show('NRestarts')) > 0);
    const { code, heard } = wrong();
    expect([code, heard.map(({ name, follows }) => [name, follows ?? null])]).toEqual([
      1,
      [
        ['settings', null],
        ['unit', 'settings'],
      ],
    ]);
    expect(heard[0]!.says).toContain('QUORUM is "99"');
    machine.run(
      'sed -i /QUORUM/d /etc/tapgrid/tapgrid.env; systemctl reset-failed tapgrid; systemctl restart tapgrid',
    );
    await machine.until('the server', answers);
  }, 60_000);

  test('books that are deleted while it runs come first', async () => {
    machine.run('mkdir /var/lib/aside && mv /var/lib/tapgrid/tapgrid.db* /var/lib/aside/');
    const { code, heard } = wrong();
    expect([code, heard[0]!.name, heard[0]!.says]).toEqual([
      1,
      'database',
      expect.stringContaining('tapgrid.db is gone while the server runs'),
    ]);
    expect(heard.slice(1).filter(({ follows }) => follows === undefined)).toEqual([]);
  }, 60_000);
});
