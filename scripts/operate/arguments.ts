import { parseArgs } from 'node:util';
import { readDollars } from '../../server/game/money.ts';
import {
  readOperatorOrder,
  TRANSFER_ENTRIES,
  type OperatorDeed,
  type OperatorOrder,
  type TransferEntry,
} from '../../server/game/operator.ts';

/** What was asked for: an order, a look, or help; a text is what is wrong with the words. */
export type Command =
  | { readonly kind: 'order'; readonly order: OperatorOrder; readonly json: boolean }
  | { readonly kind: 'accounts' | 'sessions'; readonly of: string; readonly json: boolean }
  | { readonly kind: 'approve'; readonly id: string; readonly by: string; readonly json: boolean }
  | { readonly kind: 'waiting'; readonly json: boolean }
  | { readonly kind: 'audit'; readonly cursor: string | null; readonly json: boolean }
  | { readonly kind: 'doctor'; readonly json: boolean }
  | { readonly kind: 'gaps'; readonly json: boolean }
  | { readonly kind: 'help'; readonly of: string };

const OPTIONS = {
  reason: { type: 'string' },
  by: { type: 'string' },
  'approved-by': { type: 'string' },
  id: { type: 'string' },
  as: { type: 'string' },
  session: { type: 'string' },
  cursor: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

const LOOKUP_LENGTH_MIN = 4;
const WRITING = ['reason', 'by', 'approved-by', 'id', 'json'] as const;
/** The options that each command takes. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  'accounts find': ['json'],
  'accounts gaps': ['json'],
  'accounts credit': [...WRITING, 'as'],
  'accounts debit': [...WRITING, 'as'],
  'sessions list': ['json'],
  'sessions revoke': [...WRITING, 'session'],
  halt: WRITING,
  resume: WRITING,
  'void-window': WRITING,
  approve: ['by', 'json'],
  waiting: ['json'],
  audit: ['cursor', 'json'],
  doctor: ['json'],
};

/** Reads the words of a command line. @returns a sentence when they are no command. */
export function readArguments(words: readonly string[], me: () => string = whoAmI): Command | string {
  let parsed: { readonly values: Values; readonly positionals: readonly string[] };
  try {
    parsed = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    return (cause as Error).message;
  }
  const { values, positionals } = parsed;
  const [first = '', second = ''] = positionals;
  const name = TAKES[`${first} ${second}`] ? `${first} ${second}` : first;
  if (values.help || first === '' || first === 'help')
    return { kind: 'help', of: first === 'help' ? [second, positionals[2] ?? ''].join(' ').trim() : name };
  const takes = TAKES[name];
  if (takes === undefined) return `There is no command ${positionals.slice(0, 2).join(' ')}.`;
  const strange = Object.keys(values).find((option) => !takes.includes(option));
  if (strange !== undefined) return `--${strange} means nothing to ${name}.`;
  return commandOf(name, positionals.slice(name.split(' ').length), values, me);
}

function commandOf(
  name: string,
  rest: readonly string[],
  values: Values,
  me: () => string,
): Command | string {
  const json = values.json === true;
  const [of = '', amount] = rest;
  const wanted =
    {
      'accounts credit': 2,
      'accounts debit': 2,
      halt: 0,
      resume: 0,
      waiting: 0,
      audit: 0,
      doctor: 0,
      'accounts gaps': 0,
    }[name] ?? 1;
  if (rest.length !== wanted)
    return `${name} takes ${wanted === 0 ? 'no words' : wanted === 1 ? 'one word' : 'an account and an amount'} besides its options; ${rest.length} were given.`;
  switch (name) {
    case 'accounts find':
      if (of.length < LOOKUP_LENGTH_MIN)
        return `Give at least ${LOOKUP_LENGTH_MIN} characters of the id, or the whole address.`;
      return { kind: 'accounts', of, json };
    case 'accounts gaps':
      return { kind: 'gaps', json };
    case 'sessions list':
      return { kind: 'sessions', of, json };
    case 'approve':
      return { kind: 'approve', id: of, by: values.by ?? me(), json };
    case 'waiting':
      return { kind: 'waiting', json };
    case 'audit':
      return { kind: 'audit', cursor: values.cursor ?? null, json };
    case 'doctor':
      return { kind: 'doctor', json };
    case 'accounts credit':
    case 'accounts debit':
      return transfer(of, amount!, name === 'accounts debit', values, me);
    case 'sessions revoke':
      return orderOf(
        { what: 'revoke-sessions', accountId: of, sessionId: values.session ?? null },
        values,
        me,
      );
    case 'void-window':
      return /^[1-9]\d{11,14}$/.test(of)
        ? orderOf({ what: 'void-window', startMs: Number(of) }, values, me)
        : 'A window is named by its start in UTC epoch ms, the first number of a cell id.';
    default:
      return orderOf({ what: name as 'halt' | 'resume' }, values, me);
  }
}

/** A debit is a withdrawal, a credit a deposit, unless it is said to be an adjustment. */
function transfer(
  accountId: string,
  text: string,
  debit: boolean,
  values: Values,
  me: () => string,
): Command | string {
  const amount = readDollars(text);
  if (amount === null || amount === 0)
    return `${text} is no amount: dollars above zero with at most six decimals, such as 12.50.`;
  const usual = debit ? 'withdrawal' : 'deposit';
  const entry = (values.as ?? usual) as TransferEntry;
  if (!TRANSFER_ENTRIES.includes(entry) || (entry !== usual && entry !== 'adjustment'))
    return `--as must be ${usual} or adjustment.`;
  return orderOf(
    {
      what: 'transfer',
      accountId,
      entry,
      amount: (debit && entry === 'adjustment' ? -amount : amount) as typeof amount,
    },
    values,
    me,
  );
}

function orderOf(deed: OperatorDeed, values: Values, me: () => string): Command | string {
  if (values.reason === undefined) return 'Say why: --reason "…". It is written down for good.';
  const order = readOperatorOrder({
    id: values.id ?? crypto.randomUUID(),
    operator: values.by ?? me(),
    approvedBy: values['approved-by'] ?? null,
    reason: values.reason,
    deed,
  });
  return typeof order === 'string' ? order : { kind: 'order', order, json: values.json === true };
}

/** Whoever is behind sudo, else the user of this process. */
function whoAmI(): string {
  const named = process.env.SUDO_USER || process.env.USER || process.env.LOGNAME;
  return named || Bun.spawnSync(['id', '-un']).stdout.toString().trim() || 'unknown';
}
