import { formatDollars } from '../../server/game/money.ts';
import type { GapReport } from '../../server/store/gap-refunds.ts';
import type {
  AccountFound,
  OperatorAction,
  SessionFound,
  WaitingOrder,
} from '../../server/ports/operator.ts';
import { deedText, orderText, stateText } from '../../views/ops/log.tsx';

export const HELP = `Runs the house by hand. Every order is written down for good, with who, why and what changed.

Usage: bun scripts/tapgrid.ts <command> [options]
  accounts find <id or address>             accounts by id, by the beginning of one (four characters or more), or by wallet address
  accounts gaps                             to whom gaps in the prices gave stakes back, and how often beside others
  accounts credit <id> <dollars>            money to an account
  accounts debit <id> <dollars>             money from an account, at most what it holds
  sessions list <account>                   its sessions, newest first
  sessions revoke <account>                 ends them, or one of them: --session <id>
  halt                                      takes no more taps; open bets go on; outlives a restart
  resume                                    takes taps again
  void-window <start ms>                    gives back the stakes of all open bets of a window; closed bets stay as they are
  waiting                                   orders that need a second person
  approve <id>                              carries one of them out, in your name beside that of who gave it
  audit                                     what was done by hand, newest first
  doctor                                    looks at the whole installation and says what is wrong and what to do
  <command> --help                          more on one command

Exit codes: 0 done, 1 refused or something is wrong, 2 not understood, 3 neither a server nor its files can be reached.
`;

const WRITES = `  --reason <text>        why, 3 to 300 characters; needed
  --by <name>            who; the user of this shell unless told
  --approved-by <name>   the second person, for what needs two
  --id <id>              makes a retry harmless: the same order under the same id is done once
  --json                 the answer as JSON
`;

const TRANSFER = (
  sign: string,
  usual: string,
): string => `${sign} an account. The amount is exact: dollars with at most six decimals.

Usage: bun scripts/tapgrid.ts accounts ${usual === 'deposit' ? 'credit' : 'debit'} <account> <dollars> --reason <text> [options]
  --as <entry>           ${usual} (the default) or adjustment: the kind of the ledger row
${WRITES}
From OPERATOR_APPROVAL_DOLLARS on a second person is needed: the order waits until somebody else looks at it and approves it, on the page or with approve <id>. Without a
server, or when he stands beside you, --approved-by names him. Without --id a new one is made and printed.
Example: bun scripts/tapgrid.ts accounts ${usual === 'deposit' ? 'credit' : 'debit'} 0193a1b2 25.50 --reason "bank transfer 4711" --id bank-4711
`;

const HELPS: Readonly<Record<string, string>> = {
  'accounts find':
    'Finds accounts.\n\nUsage: bun scripts/tapgrid.ts accounts find <id, beginning of an id, or 0x address> [--json]\n',
  'accounts gaps': `Lists the accounts to which gaps in the prices gave most back, among the closed bets that are not archived yet. A gap is nobody's choice: an account that gets a much larger
part of its bets back than all accounts together knows when one comes. Reads every bet, in this process; the server may run or not.

Usage: bun scripts/tapgrid.ts accounts gaps [--json]
`,
  'accounts credit': TRANSFER('Pays to', 'deposit'),
  'accounts debit': TRANSFER('Takes from', 'withdrawal'),
  'sessions list':
    'Lists the sessions of an account, newest first.\n\nUsage: bun scripts/tapgrid.ts sessions list <account> [--json]\n',
  'sessions revoke': `Signs a trader out: his sessions end at once, open sockets too. Bets stay.\n\nUsage: bun scripts/tapgrid.ts sessions revoke <account> --reason <text> [options]\n  --session <id>         only this one\n${WRITES}`,
  halt: `Takes no more taps, from the next one on. Open bets are resolved and paid. A restart does not undo it.\n\nUsage: bun scripts/tapgrid.ts halt --reason <text> [options]\n${WRITES}`,
  resume: `Takes taps again, when nothing else speaks against it.\n\nUsage: bun scripts/tapgrid.ts resume --reason <text> [options]\n${WRITES}`,
  'void-window': `Gives back the stakes of all open bets of one window, of everybody and at once. Bets that were decided before stay as they are. A window for which taps are still
taken is refused: halt first. So is one of which ticks are recorded while no server runs: start it, and it pays by them.

Usage: bun scripts/tapgrid.ts void-window <start> --reason <text> [options]
  <start>                start of the window in UTC epoch ms, the first number of a cell id
${WRITES}`,
  accounts:
    'Accounts: find, gaps, credit, debit. Each has help of its own.\n\nUsage: bun scripts/tapgrid.ts accounts find|gaps|credit|debit … [--help]\n',
  sessions:
    'Sessions: list, revoke. Each has help of its own.\n\nUsage: bun scripts/tapgrid.ts sessions list|revoke … [--help]\n',
  waiting:
    'Lists the orders that need a second person, oldest first. They wait for a day, or until a restart.\n\nUsage: bun scripts/tapgrid.ts waiting [--json]\n',
  approve: `Carries out an order that needs a second person. Look at it first: waiting. Nobody approves what he has given himself.

Usage: bun scripts/tapgrid.ts approve <id> [options]
  --by <name>            who; the user of this shell unless told
  --json                 the answer as JSON
`,
  audit:
    'Lists what operators did by hand, newest first. It is part of the ledger chain.\n\nUsage: bun scripts/tapgrid.ts audit [--cursor <cursor>] [--json]\n',
  doctor: `Looks at settings, data directory, disk, database, migrations, server, chains, clock, prices, limits, Redis, the proxy with its certificate, backups and
jobs, and says what is wrong and what to do about it. Nothing is changed.
The server may run or not.

Usage: bun scripts/tapgrid.ts doctor [--json]
Exit codes: 0 nothing is wrong (there may be warnings), 1 something is wrong.
`,
};

/** @param of a command, or nothing for all of them. @returns undefined for what is no command. */
export const helpOf = (of: string): string | undefined => (of === '' ? HELP : HELPS[of]);

const day = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

export const accountsText = (accounts: readonly AccountFound[]): string =>
  accounts.length === 0
    ? 'No account is called so.\n'
    : accounts
        .map(
          ({ id, currency, address, balance, openStake, openBets, sessions, openedAt }) =>
            `${id}  ${currency}  ${formatDollars(balance)}  ${openBets} open bets with ${formatDollars(openStake)}  ${sessions} sessions  since ${day(openedAt)}${address === null ? '  practice' : `  ${address}`}\n`,
        )
        .join('');

const share = (refunds: number, closed: number): string =>
  `${closed === 0 ? '0.0' : ((100 * refunds) / closed).toFixed(1)} %`;

export const gapsText = ({ closed, refunds, accounts }: GapReport): string =>
  `All accounts: ${refunds} of ${closed} closed bets given back because of gaps, ${share(refunds, closed)}.\n` +
  accounts
    .map(
      (one) =>
        `${one.accountId}  ${one.currency}  ${one.refunds} of ${one.closed}, ${share(one.refunds, one.closed)}  ${formatDollars(one.returned)} given back  ${formatDollars(one.result)} by its other bets\n`,
    )
    .join('');

export const sessionsText = (sessions: readonly SessionFound[]): string =>
  sessions.length === 0
    ? 'It has no sessions.\n'
    : sessions
        .map(
          ({ id, createdAt, seenAt, expiresAt, endedAt }) =>
            `${id}  from ${day(createdAt)}  seen ${day(seenAt)}  ${endedAt === null ? `until ${day(expiresAt)}` : `ended ${day(endedAt)}`}\n`,
        )
        .join('');

export const waitingText = (waiting: readonly WaitingOrder[]): string =>
  waiting
    .map(
      ({ order, since }) =>
        `${order.id}  ${day(since)}  ${order.operator}  ${orderText(order)}  ${order.reason}\n`,
    )
    .join('') || 'Nothing waits.\n';

export const actionText = (action: OperatorAction): string =>
  `#${action.seq}  ${day(action.at)}  ${action.operator}${action.approvedBy === null ? '' : ` with ${action.approvedBy}`}  ${deedText(action)}  (${stateText(action)})  ${action.reason}  [${action.id}]\n`;
