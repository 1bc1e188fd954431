#!/usr/bin/env bun
import { publishedBy, readHeads, readTerms } from './verify-receipt/published.ts';
import { readReceipt, type Sources } from './verify-receipt/sources.ts';
import { verifyReceipt, type VerifyOptions } from '../server/receipt/verify.ts';
import type { Finding } from '../server/receipt/finding.ts';

const HELP = `Checks the receipt of a bet: quotes, lock, guard, outcome, payout, ledger rows, signature, tick chain, order of commits, and all of it against published terms.

  bun scripts/verify-receipt.ts <file | URL | -> [--origin <site>] [--against <site> | [--terms <file>] [--heads <file>]] [--json]

  <file>     a receipt as JSON, from /api/v1/bets/<id>/receipt; - reads standard input
  <URL>      http or https address of a receipt
  --origin   the site that the order must have been signed for, such as https://taps.example
  --against  asks that site for its terms, and holds ticks, revisions, commits and the bet itself against what it publishes
  --terms    the terms of the house as JSON, from /api/v1/terms; unset: those of a house with default settings
  --heads    heads of the ledger chain that were noted: answers of /api/v1/chain, one a line; a receipt that names one of them must have its hash
  --json     findings as JSON: ok is true with exit code 0 only, open lists the checks that stay open
  --help     this text

Exit code: 0 every check holds, 1 a check fails, 2 there is nothing to check, 3 none fails, but some stay open: the receipt alone does not decide them, --against does.
Offline some always do: that ticks, inputs of the quotes, hashes of commits, guard, currency and rule are those of the house no receipt proves by itself.
`;

/** Where text goes and standard input comes from. */
export interface Terminal extends Sources {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

interface Arguments {
  readonly source: string;
  readonly origin?: string;
  readonly against?: string;
  readonly terms?: string;
  readonly heads?: string;
  readonly json: boolean;
}

type ExitCode = 0 | 1 | 2 | 3;

/** The command. @returns its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(HELP);
    return 0;
  }
  const read = readArguments(args);
  if (typeof read === 'string') {
    terminal.error(`${read}\n\n${HELP}`);
    return 2;
  }
  let receipt: unknown;
  let options: VerifyOptions;
  try {
    receipt = await readReceipt(read.source, terminal);
    options = await published(receipt, read, terminal);
  } catch (error) {
    terminal.error(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const findings = await verifyReceipt(receipt, {
    ...options,
    ...(read.origin !== undefined && { origin: read.origin }),
  });
  const code = codeOf(findings);
  terminal.out(
    read.json
      ? `${JSON.stringify({ ok: code === 0, open: openIn(findings), findings }, null, 2)}\n`
      : table(findings, code),
  );
  return code;
}

async function published(
  receipt: unknown,
  { against, terms, heads }: Arguments,
  terminal: Terminal,
): Promise<VerifyOptions> {
  if (against !== undefined) return publishedBy(against, receipt);
  return {
    ...(terms !== undefined && { terms: await readTerms(terms, terminal) }),
    ...(heads !== undefined && { log: { commits: await readHeads(heads) } }),
  };
}

const codeOf = (findings: readonly Finding[]): ExitCode => {
  const wrong = findings.filter(({ ok }) => !ok);
  return wrong.length === 0 ? 0 : wrong.every(({ open }) => open) ? 3 : 1;
};

/** The checks that only the house decides. */
const openIn = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ check, open }) => (open ? [check] : []));

const WITH_VALUE = {
  '--origin': 'a site',
  '--against': 'a site',
  '--terms': 'a file',
  '--heads': 'a file',
} as const;
type WithValue = keyof typeof WITH_VALUE;

/** @returns what is wrong with them as text. */
function readArguments(args: readonly string[]): Arguments | string {
  const rest = [...args];
  const values: Partial<Record<WithValue, string>> = {};
  let json = false;
  let source: string | undefined;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--json') json = true;
    else if (arg in WITH_VALUE) {
      const value = rest.shift();
      if (value === undefined) return `${arg} needs ${WITH_VALUE[arg as WithValue]}`;
      values[arg as WithValue] = value;
    } else if (arg.startsWith('--')) return `unknown option ${arg}`;
    else if (source !== undefined) return 'one receipt at a time';
    else source = arg;
  }
  const { '--origin': origin, '--against': against, '--terms': terms, '--heads': heads } = values;
  if (source === undefined) return 'a file, a URL or - is missing';
  if (against !== undefined && (terms !== undefined || heads !== undefined))
    return '--against asks for terms and chain itself: leave --terms and --heads out';
  if (against !== undefined && !/^https?:\/\//.test(against))
    return '--against needs an http or https address';
  return {
    source,
    json,
    ...(origin !== undefined && { origin }),
    ...(against !== undefined && { against }),
    ...(terms !== undefined && { terms }),
    ...(heads !== undefined && { heads }),
  };
}

/** What came from outside must not move the cursor or change colours. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');

const SUMMARY: Readonly<Record<ExitCode, (findings: readonly Finding[]) => string>> = {
  0: (findings) => `All ${findings.length} checks hold.`,
  1: (findings) =>
    `${findings.filter(({ ok, open }) => !ok && !open).length} of ${findings.length} checks FAIL.`,
  2: () => 'There is nothing to check.',
  3: (findings) =>
    `It holds by itself: ${findings.filter(({ ok }) => ok).length} of ${findings.length} checks; open without the house: ${openIn(findings).join(', ')}. Ask it with --against.`,
};

function table(findings: readonly Finding[], code: ExitCode): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const state = ({ ok, open }: Finding): string => (ok ? 'ok  ' : open ? 'OPEN' : 'FAIL');
  const lines = findings.map(
    (finding) => `${state(finding)}  ${finding.check.padEnd(width)}  ${printable(finding.detail)}\n`,
  );
  return `${lines.join('')}\n${SUMMARY[code](findings)}\n`;
}

if (import.meta.main) {
  process.exitCode = await run(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    input: () => Bun.stdin.text(),
  });
}
