import { verdictOf, type Finding } from '../../../server/receipt/finding.ts';
import { publishedBy } from '../../../server/receipt/published.ts';
import { verifyReceipt as findingsOn, type VerifyOptions } from '../../../server/receipt/verify.ts';
import { command } from '../../command-line/command.ts';
import { EXIT, type ExitCode } from '../../command-line/exit-codes.ts';
import { failingAs, misused } from '../../command-line/failure.ts';
import { readHeads, readTerms } from '../../verify-receipt/noted.ts';
import { HOUSE, readReceipt, type Sources } from '../../verify-receipt/sources.ts';

export const verifyReceipt = command({
  about:
    'Checks the receipt of a bet: quotes, lock, guard, outcome, payout, ' +
    'ledger rows, signature, tick chain, ' +
    'order of commits, and everything against published terms.',
  words: {
    receipt: {
      about:
        'a file as JSON, the http or https address of one (/api/v1/bets/<id>/receipt), ' +
        'or - for standard input',
    },
  },
  options: {
    origin: {
      value: '<site>',
      about: 'the site for which the order must have been signed, such as https://taps.example',
    },
    against: {
      value: '<site>',
      about:
        "fetch the site's terms, and compare ticks, revisions, commits and the bet with what it publishes",
    },
    terms: {
      value: '<file>',
      about:
        'the terms of the house as JSON, from /api/v1/terms; default: those of a house with default settings',
    },
    heads: {
      value: '<file>',
      about:
        'saved heads of the ledger chain: responses of /api/v1/chain, one per line; a receipt that names ' +
        'one of them must have its hash',
    },
  },
  notes: `In JSON, ok is true only with exit code 0, and open lists the checks that stay open. Offline some always do:
no receipt proves by itself that ticks, quote inputs, commit hashes, guard, currency and rule are those of
the house.`,
  examples: ['verify-receipt receipt.json', 'verify-receipt receipt.json --against https://taps.example'],
  exits: {
    0: 'every check passes',
    1: 'a check fails',
    2: 'the command line is wrong, or a file cannot be read: there is nothing to check',
    3:
      'none fails, but some stay open: the receipt alone cannot decide them; use --against; ' +
      'or an address does not answer',
  },
  async run({ words, options }, shell) {
    const { origin, against, terms, heads } = options;
    if (against !== undefined && (terms !== undefined || heads !== undefined))
      throw misused(
        'conflicting_options',
        '--against fetches terms and chain itself; remove --terms and --heads.',
      );
    if (against !== undefined && !/^https?:\/\//.test(against))
      throw misused('bad_value', '--against needs an http or https address.');
    const [receipt, published] = await failingAs(
      'nothing_to_check',
      'Nothing was checked',
      async () => {
        const read = await readReceipt(words.receipt, shell);
        return [read, await publishedTerms(read, { against, terms, heads }, shell)] as const;
      },
      EXIT.usage,
    );
    const findings = await findingsOn(receipt, { ...published, ...(origin !== undefined && { origin }) });
    const exit = EXITS[verdictOf(findings)];
    return {
      exit,
      report: { ok: exit === EXIT.ok, open: openIn(findings), findings },
      text: `${table(findings)}\n${summary(exit, findings)}\n`,
    };
  },
});

interface Publications {
  readonly against: string | undefined;
  readonly terms: string | undefined;
  readonly heads: string | undefined;
}

async function publishedTerms(
  receipt: unknown,
  { against, terms, heads }: Publications,
  sources: Sources,
): Promise<VerifyOptions> {
  if (against !== undefined) return publishedBy(against, receipt, HOUSE);
  return {
    ...(terms !== undefined && { terms: await readTerms(terms, sources) }),
    ...(heads !== undefined && { log: { commits: await readHeads(heads) } }),
  };
}

const EXITS = { holds: EXIT.ok, open: EXIT.undecided, fails: EXIT.wrong } as const;

/** The checks that only the house decides. */
const openIn = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ check, open }) => (open ? [check] : []));

/** What came from outside must not move the cursor or change colours. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');

function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const state = ({ ok, open }: Finding): string => (ok ? 'ok  ' : open ? 'OPEN' : 'FAIL');
  return findings
    .map((finding) => `${state(finding)}  ${finding.check.padEnd(width)}  ${printable(finding.detail)}\n`)
    .join('');
}

function summary(exit: ExitCode, findings: readonly Finding[]): string {
  if (exit === EXIT.ok) return `All ${findings.length} checks pass.`;
  const held = findings.filter(({ ok }) => ok).length;
  return exit === EXIT.undecided
    ? `Consistent in itself: ${held} of ${findings.length} checks pass. Open without the house: ` +
        `${openIn(findings).join(', ')}. Check them with --against.`
    : `${findings.length - held - openIn(findings).length} of ${findings.length} checks FAIL.`;
}
