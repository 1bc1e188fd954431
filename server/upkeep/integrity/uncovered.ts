/** Columns, or `<table>: <what happened to a row>`, that a change by other hands may pass in, with the reason. docs/ledger-format.md has the same list. */
export const UNCOVERED: Readonly<Record<string, string>> = {
};
