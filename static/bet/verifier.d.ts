/** `verifier.js`: the server's own verifier (server/receipt/in-browser.ts), as a page sees it. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly open?: true;
  readonly detail: string;
}

/** What the page shows of a bet, which its file has to say as well. */
export interface OnPage {
  readonly betId: string;
  readonly cell: string;
  readonly currency: string;
  readonly stake: string;
  readonly status: string;
  readonly payout: string;
}

export interface Verifier {
  readonly HOUSE: { readonly json: (url: string) => Promise<unknown> };
  readonly checkHere: (asked: {
    readonly receipt: unknown;
    readonly house: string;
    readonly onPage: OnPage | null;
    readonly progress: (answers: number) => void;
  }) => Promise<{ readonly verdict: string; readonly findings: readonly Finding[] }>;
}
