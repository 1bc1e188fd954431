import { existsSync } from 'node:fs';
import { EXIT_CODES, SETTINGS_HINT } from '../../server/config-text.ts';
import { warn, well, wrong, type Check } from './check.ts';

/**
 * Runs a program of the system and gives what it wrote; null where it is not there or ends otherwise than
 * well.
 */
export type Asks = (words: readonly string[]) => string | null;

/** What runs beside the server, by systemd, all the time or by a timer. */
const COMPANIONS = [
  'tapgrid-tail.service',
  'tapgrid-backup.timer',
  'tapgrid-integrity.timer',
  'tapgrid-archive.timer',
  'tapgrid-probe.timer',
] as const;

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'NRestarts',
  'Result',
  'ExecMainStatus',
  'NextElapseUSecRealtime',
  'NextElapseUSecMonotonic',
  'ExecStart',
  'MainPID',
];
/** So many restarts by systemd are no accident. */
export const RESTARTS_MAX = 3;
const LAST_LINES = 20;

export interface Unit {
  readonly active: string;
  readonly sub: string;
  readonly startsWithMachine: boolean;
  readonly restarts: number;
  readonly result: string;
  readonly status: number;
  readonly hasNextTime: boolean;
  /** Its first process; null while none runs. */
  readonly pid: number | null;
  /** What it would start is there. */
  readonly hasProgram: boolean;
}

/** A runner of programs that are found by the PATH of an environment. */
export const asks =
  (path: string | undefined): Asks =>
  ([program, ...words]) => {
    const found = Bun.which(program!, { PATH: path ?? '' });
    if (found === null) return null;
    const { success, stdout } = Bun.spawnSync([found, ...words], { stderr: 'ignore', timeout: 10_000 });
    return success ? stdout.toString() : null;
  };

/** How the service manager has the server; nothing where it does not know it. */
export function unit(ask: Asks, answers: boolean): readonly Check[] {
  const found = readUnit(ask, 'tapgrid.service');
  if (found === null) return [];
  const { active, sub, restarts, result, status } = found;
  const meaning = MEANING[status] === undefined ? '' : `: ${MEANING[status]}`;
  const ended = `${result}, exit code ${status}${meaning}`;
  // While it starts once more, systemd has forgotten how the last try ended.
  const why = result === 'success' ? '' : ` (${ended})`;
  if (active === 'failed')
    return [
      wrong(
        'unit',
        `systemd has given up (${ended}). ${lastWords(ask)}`.trim(),
        'Fix the cause, then systemctl reset-failed tapgrid and systemctl start tapgrid.',
      ),
    ];
  if (sub === 'auto-restart' || (!answers && active === 'activating' && restarts > 0))
    return [
      wrong(
        'unit',
        `it keeps crashing: ${restarts} restarts${why}. ${lastWords(ask)}`.trim(),
        'Fix the cause; systemd tries again by itself.',
      ),
    ];
  if (!found.hasProgram)
    return [
      wrong(
        'unit',
        'no release is in service',
        'deploy.sh of a release puts it into service: Upgrade in the runbook.',
      ),
    ];
  if (active === 'inactive') return [wrong('unit', 'it is stopped', 'systemctl start tapgrid')];
  if (restarts >= RESTARTS_MAX)
    return [
      warn('unit', `systemd had to restart it ${restarts} times`, 'See TapgridCrashed in the runbook.'),
    ];
  return found.startsWithMachine
    ? [well('unit', `${active}, starts with the machine`)]
    : [
        warn('unit', `${active}, does not start with the machine`, 'systemctl enable tapgrid', {
          says: 'systemctl enable tapgrid',
          carryOut: () => expectDone(ask, ['systemctl', 'enable', 'tapgrid']),
        }),
      ];
}

/** Whether a unit is active; false too where there is no service manager. */
export const isActive = (ask: Asks, name: string): boolean => readUnit(ask, name)?.active === 'active';

/** Whether the jobs will run, those that are installed. */
export function timers(ask: Asks): readonly Check[] {
  // Without a release there is nothing for them to run, and the unit of the server says so.
  if (readUnit(ask, 'tapgrid.service')?.hasProgram === false) return [];
  const found = COMPANIONS.flatMap((name) => {
    const one = readUnit(ask, name);
    return one === null ? [] : [{ name, ...one }];
  });
  if (found.length === 0) return [];
  const idle = found.filter(
    ({ name, active, sub, hasNextTime }) =>
      active !== 'active' || (name.endsWith('.timer') && sub === 'waiting' && !hasNextTime),
  );
  const unborn = found.filter(({ startsWithMachine }) => !startsWithMachine);
  const names = (some: typeof found): string => some.map(({ name }) => name).join(' ');
  if (idle.length > 0)
    return [
      wrong('timers', `not running: ${names(idle)}`, `systemctl enable --now ${names(idle)}`, {
        says: `systemctl enable --now ${names(idle)}`,
        carryOut: () => expectDone(ask, ['systemctl', 'enable', '--now', ...idle.map(({ name }) => name)]),
      }),
    ];
  return unborn.length > 0
    ? [
        warn(
          'timers',
          `will not start after a reboot: ${names(unborn)}`,
          `systemctl enable ${names(unborn)}`,
          {
            says: `systemctl enable ${names(unborn)}`,
            carryOut: () => expectDone(ask, ['systemctl', 'enable', ...unborn.map(({ name }) => name)]),
          },
        ),
      ]
    : [well('timers', `${found.length} running`)];
}

const MEANING: Readonly<Partial<Record<number, string>>> = {
  [EXIT_CODES.refused]: 'the port or the folder is in use, or the books cannot be opened',
  [EXIT_CODES.misused]: 'a setting is wrong',
  [EXIT_CODES.houseElsewhere]: 'no books here, but backups or jobs of a house exist',
  [EXIT_CODES.broken]: 'the outcome of a commit is unknown: check the disk',
};

/** A unit as systemd has it; null where it knows none of that name. */
export function readUnit(ask: Asks, name: string): Unit | null {
  const text = ask(['systemctl', 'show', name, `--property=${PROPERTIES.join(',')}`]);
  const found = new Map(text?.split('\n').map((line) => line.split(/=(.*)/s, 2) as [string, string]));
  if (found.get('LoadState') !== 'loaded') return null;
  const next = [found.get('NextElapseUSecRealtime'), found.get('NextElapseUSecMonotonic')];
  return {
    active: found.get('ActiveState') ?? '',
    sub: found.get('SubState') ?? '',
    startsWithMachine: /^(enabled|static|indirect)/.test(found.get('UnitFileState') ?? ''),
    restarts: Number(found.get('NRestarts') ?? 0),
    result: found.get('Result') ?? '',
    status: Number(found.get('ExecMainStatus') ?? 0),
    pid: Number(found.get('MainPID') ?? 0) || null,
    hasProgram: existsSync(/path=(\S+)/.exec(found.get('ExecStart') ?? '')?.[1] ?? '/'),
    hasNextTime: next.some((time) => time !== undefined && !['', '0', 'infinity'].includes(time)),
  };
}

/** What it said last that is no line of its log, else the last of those that is worse than a warning. */
function lastWords(ask: Asks): string {
  const lines = ask(['journalctl', '-u', 'tapgrid.service', '-n', `${LAST_LINES}`, '-o', 'cat', '--no-pager'])
    ?.trim()
    .split('\n')
    .filter((line) => line !== '' && !/^(Started|Starting|Stopped|tapgrid\.service:)/.test(line));
  const plain = lines?.findLast((line) => !line.startsWith('{') && line !== SETTINGS_HINT)?.trim();
  const logged = lines?.findLast((line) => /"level":"(fatal|error)"/.test(line));
  const words = plain ?? /"msg":"([^"]*)"/.exec(logged ?? '')?.[1];
  return words === undefined ? '' : `Last words: ${words}`;
}

function expectDone(ask: Asks, words: readonly string[]): void {
  if (ask(words) === null) throw new Error(`${words.join(' ')} failed; it needs root`);
}
