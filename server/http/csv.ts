export type CsvField = string | CsvNumber | null;

/**
 * A line of CSV (RFC 4180). Numbers stand as they are, with a point. A text that a spreadsheet would take for
 * a formula, some by full-width signs too, gets an apostrophe before it, by which spreadsheets know a text;
 * one with a comma, a quote or a line break stands in quotes.
 */
export const csvLine = (fields: readonly CsvField[]): string => `${fields.map(csvField).join(',')}\r\n`;

/** A decimal number, written out. */
export interface CsvNumber {
  readonly decimal: string;
}

export const decimal = (text: string): CsvNumber => ({ decimal: text });

/**
 * `2026-06-15 00:00:10`: with a `T`, a zone or parts of a second most spreadsheets take it for a text, or
 * show less of it.
 */
export const sheetTime = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

function csvField(field: string | CsvNumber | null): string {
  if (field === null) return '';
  if (typeof field !== 'string') return field.decimal;
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
