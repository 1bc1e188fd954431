/** One thing that was checked, with a sentence that says what was found. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  /**
   * Neither right nor wrong by the receipt alone: what the house has published decides it. `ok` is false
   * meanwhile.
   */
  readonly open?: true;
  readonly detail: string;
}

export const finding = (check: string, ok: boolean, detail: string): Finding => ({ check, ok, detail });
export const open = (check: string, detail: string): Finding => ({ check, ok: false, open: true, detail });
