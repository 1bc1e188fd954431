import type { ReceiptCheck } from '../ports/receipt-checks.ts';

/** One thing that was checked, with a sentence that says what was found. */
export interface Finding {
  readonly check: ReceiptCheck;
  readonly ok: boolean;
  /**
   * Neither right nor wrong by the receipt alone: what the house has published decides it. `ok` is false
   * meanwhile.
   */
  readonly open?: true;
  readonly detail: string;
}

export const finding = (check: ReceiptCheck, ok: boolean, detail: string): Finding => ({ check, ok, detail });
export const open = (check: ReceiptCheck, detail: string): Finding => ({
  check,
  ok: false,
  open: true,
  detail,
});

/** `holds`: every check passes; `open`: none fails, but the receipt alone does not decide all of them. */
export type Verdict = 'holds' | 'open' | 'fails';

export function verdictOf(findings: readonly Finding[]): Verdict {
  const wrong = findings.filter(({ ok }) => !ok);
  return wrong.length === 0 ? 'holds' : wrong.every(({ open }) => open) ? 'open' : 'fails';
}
