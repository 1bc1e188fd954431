#!/usr/bin/env bun
import { verifyReceipt } from '../server/receipt/verify.ts';
import type { Finding } from '../server/receipt/finding.ts';

const HELP = `Checks the receipt of a bet offline: quotes, lock, guard, outcome, payout, ledger rows, signature, tick chain.

  bun scripts/verify-receipt.ts <file | URL | -> [--origin <site>] [--json]

  <file>     a receipt as JSON, from /api/v1/bets/<id>/receipt; - reads standard input
  <URL>      http or https address of a receipt
  --origin   the site that the order must have been signed for, such as https://taps.example
  --json     findings as JSON
  --help     this text

Exit code: 0 every check holds, 1 a check fails, 2 there is nothing to check.
`;

const RECEIPT_BYTES_MAX = 4 * 1024 * 1024;
const FETCH_MS_MAX = 15_000;

/** Where text goes and standard input comes from. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly input: () => Promise<string>;
}

interface Arguments {
  readonly source: string;
  readonly origin?: string;
  readonly json: boolean;
}

/** The command. @returns its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
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
  try {
    receipt = JSON.parse(await readSource(read.source, terminal));
  } catch (error) {
    terminal.error(`cannot read ${read.source}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const findings = await verifyReceipt(receipt, read.origin === undefined ? {} : { origin: read.origin });
  const ok = findings.every((finding) => finding.ok);
  terminal.out(read.json ? `${JSON.stringify({ ok, findings }, null, 2)}\n` : table(findings, ok));
  return ok ? 0 : 1;
}

/** @returns what is wrong with them as text. */
function readArguments(args: readonly string[]): Arguments | string {
  const rest = [...args];
  let json = false;
  let origin: string | undefined;
  let source: string | undefined;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--json') json = true;
    else if (arg === '--origin') {
      origin = rest.shift();
      if (origin === undefined) return '--origin needs a site';
    } else if (arg.startsWith('--')) return `unknown option ${arg}`;
    else if (source !== undefined) return 'one receipt at a time';
    else source = arg;
  }
  if (source === undefined) return 'a file, a URL or - is missing';
  return { source, json, ...(origin !== undefined && { origin }) };
}

async function readSource(source: string, terminal: Terminal): Promise<string> {
  if (source === '-') return bounded(await terminal.input());
  if (!/^https?:\/\//.test(source)) return bounded(await Bun.file(source).text());
  const response = await fetch(source, { signal: AbortSignal.timeout(FETCH_MS_MAX), headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return bounded(await response.text());
}

function bounded(text: string): string {
  if (text.length > RECEIPT_BYTES_MAX) throw new Error('larger than any receipt');
  return text;
}

/** What came from outside must not move the cursor or change colours. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');

function table(findings: readonly Finding[], ok: boolean): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map((finding) => `${finding.ok ? 'ok  ' : 'FAIL'}  ${finding.check.padEnd(width)}  ${printable(finding.detail)}\n`);
  const failed = findings.filter((finding) => !finding.ok).length;
  return `${lines.join('')}\n${ok ? `All ${findings.length} checks hold.` : `${failed} of ${findings.length} checks FAIL.`}\n`;
}

if (import.meta.main) {
  process.exitCode = await run(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    input: () => Bun.stdin.text(),
  });
}
