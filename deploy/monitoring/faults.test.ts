import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf } from '../../scripts/command-line/table.ts';
import { COMMANDS } from '../../scripts/commands/table.ts';
import { CHAPTERS, CHECKS, type CheckName } from '../../scripts/doctor/check.ts';
import { blocksOf, RUNBOOK } from '../runbook.ts';

/** The runbook's table of faults, and what its chapters tell people to type. */

const ROOT = join(import.meta.dir, '../..');
const text = await Bun.file(RUNBOOK).text();
const rules: any = Bun.YAML.parse(await Bun.file(join(import.meta.dir, 'rules.yml')).text());
const alerts: string[] = rules.groups.flatMap(({ rules }: any) =>
  rules.flatMap(({ alert }: any) => alert ?? []),
);
const headings = [...text.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading]) => heading!);
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

const rows = [...text.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| \[([^\]]+)\]\(#([^)]+)\) \|$/gm)].map(
  ([, fault, alarms, finds, chapter, to]) => ({
    fault: fault!,
    alerts: alarms!.match(/Tapgrid\w+/g) ?? [],
    findings: finds === '–' ? [] : finds!.split(', '),
    chapter: chapter!,
    to: to!,
  }),
);

describe('the table of faults', () => {
  test('has every alert, and none that is gone', () => {
    expect(new Set(rows.flatMap((row) => row.alerts))).toEqual(new Set(alerts));
    for (const alert of alerts) expect(rows.map(({ chapter }) => chapter)).toContain(alert);
  });

  test.each(rows.map((row) => [row.fault, row] as const))(
    '%s',
    (_, { alerts: named, findings, chapter, to }) => {
      expect(named.length + findings.length).toBeGreaterThan(0);
      for (const finding of findings) expect(CHECKS as readonly string[]).toContain(finding);
      expect([headings.includes(chapter), to]).toEqual([true, anchor(chapter)]);
    },
  );

  test('the doctor names nothing that has no row, but for what is no fault of a house at work', () => {
    const named = new Set(rows.flatMap(({ findings }) => findings));
    expect(CHECKS.filter((name) => !named.has(name))).toEqual([
      'bun',
      'sqlite',
      'migrations',
      'token',
      'origin',
    ]);
  });
});

test('the chapter that the doctor names is there, and the table has the finding in the row of it', () => {
  for (const [name, chapter] of Object.entries(CHAPTERS) as [CheckName, string][]) {
    expect([name, chapter, headings.includes(chapter)]).toEqual([name, chapter, true]);
    const named = rows.some(({ findings }) => findings.includes(name));
    const there = rows.some((row) => row.chapter === chapter && row.findings.includes(name));
    expect([name, chapter, there]).toEqual([name, chapter, named]);
  }
});

/** Command lines in the order of the page, with the chapter that each stands in; `$(…)` is one of its own. */
const lines = blocksOf(text).flatMap(({ chapter, script }) =>
  script
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => [chapter, line] as const),
);
/** A line of release-signers begins like a command. */
const inline = [...text.matchAll(/`((?:tapgrid(?! ssh-)|tapgrid-run|systemctl|deploy\/[\w.]+) [^`]+)`/g)].map(
  ([, line]) => ['in a sentence', line!] as const,
);
const commands = entriesOf(COMMANDS).map(({ name }) => name);

/** Why a command line cannot be what it says; null where it can. */
function faultOf(line: string): string | null {
  const own = /(?:^|[|;&(]\s*|-run )(?:bun )?(?:scripts\/)?tapgrid(?:\.ts)? ((?:[a-z][a-z-]+ ?){1,2})/
    .exec(line)?.[1]
    ?.trim();
  if (
    own !== undefined &&
    !commands.some((name) => own === name || own.startsWith(`${name} `) || name.startsWith(`${own} `))
  )
    return `there is no command ${own}`;
  for (const [path] of line.matchAll(/\b(?:scripts|deploy)\/[\w./-]+\.(?:ts|sh)\b/g))
    if (!existsSync(join(ROOT, path))) return `there is no ${path}`;
  for (const [, unit] of line.matchAll(/\b(tapgrid-[a-z]+(?:\.(?:service|timer))?)(?=[\s'`;]|$)/g)) {
    if (unit === 'tapgrid-run') continue;
    const file = /\.(service|timer)$/.test(unit!) ? unit! : `${unit}.service`;
    if (/systemctl|journalctl/.test(line) && !existsSync(join(ROOT, 'deploy/systemd', file)))
      return `there is no unit ${file}`;
  }
  return null;
}

test('what is no command is seen', () => {
  expect(faultOf('tapgrid accounts find 0xADDRESS')).toBeNull();
  expect(faultOf('tapgrid accounts frobnicate')).toBe('there is no command accounts frobnicate');
  expect(faultOf('tapgrid-run scripts/tapgrid.ts frobnicate x')).toBe('there is no command frobnicate');
  expect(faultOf('tapgrid frobnicate')).toBe('there is no command frobnicate');
  expect(faultOf('tapgrid-run scripts/nothing.ts')).toBe('there is no scripts/nothing.ts');
  expect(faultOf('systemctl restart tapgrid-nothing')).toBe('there is no unit tapgrid-nothing.service');
  expect(faultOf('systemctl restart tapgrid-tail')).toBeNull();
});

test('every command of ours that the runbook tells people to type is there', () => {
  expect(lines.length).toBeGreaterThan(80);
  expect(
    [...lines, ...inline].flatMap(([chapter, line]) => {
      const fault = faultOf(line);
      return fault === null ? [] : [`${chapter}: ${fault}: ${line}`];
    }),
  ).toEqual([]);
});
