import { CHECKS, FOLLOWS_FROM, type Check, type CheckName } from './check.ts';

const STATES: readonly Check['state'][] = ['wrong', 'warn', 'well'];

/** What is wrong first, and of that the cause before its consequences, which name it. */
export function causesFirst(checks: readonly Check[]): Check[] {
  const broken = new Set(checks.filter(({ state }) => state === 'wrong').map(({ name }) => name));
  const rank = ({ name, state }: Check): number =>
    STATES.indexOf(state) * CHECKS.length + CHECKS.indexOf(name);
  return checks
    .map((check) => {
      const cause = check.state === 'well' ? null : rootOf(check.name, broken);
      return cause === null ? check : { ...check, follows: cause };
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** The first of its causes that has no cause itself. */
function rootOf(name: CheckName, broken: ReadonlySet<CheckName>): CheckName | null {
  const cause = (FOLLOWS_FROM[name] ?? []).find((one) => broken.has(one));
  return cause === undefined ? null : (rootOf(cause, broken) ?? cause);
}

const MARKS = { well: '  ok   ', warn: '  warn ', wrong: '  WRONG' } as const;

export function diagnosisText(checks: readonly Check[]): string {
  const lines = checks.map(({ name, state, says, todo, chapter, follows }) => {
    const cause = follows === undefined ? '' : ` (see ${follows})`;
    const found = `${MARKS[state]}  ${name.padEnd(11)} ${says}${cause}\n`;
    if (todo === undefined) return found;
    return `${found}${' '.repeat(21)}→ ${todo}${chapter === undefined ? '' : ` (runbook: ${chapter})`}\n`;
  });
  return `${lines.join('')}\n${verdict(checks)}\n`;
}

function verdict(checks: readonly Check[]): string {
  const count = (state: Check['state']): number => checks.filter((check) => check.state === state).length;
  const [wrong, warn] = [count('wrong'), count('warn')];
  const warnings = `${warn} ${warn === 1 ? 'warning' : 'warnings'}`;
  if (wrong === 0) return warn === 0 ? 'Everything is fine.' : `No errors; ${warnings}.`;
  const first = checks.find(({ state }) => state === 'wrong')!;
  return `${wrong} ${wrong === 1 ? 'error' : 'errors'}, ${warnings}. Start with: ${first.name}.`;
}
