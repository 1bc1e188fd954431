import type { Outcome, Shell } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure } from '../command-line/failure.ts';
import { csvForm, jsonForm, type Form, type Sheet } from './sheet.ts';

/** A report: its format, what precedes the rows in JSON, and the rows, one page at a time. */
export interface Report<Row> {
  readonly sheet: Sheet<Row>;
  readonly head: Readonly<Record<string, unknown>>;
  readonly pages: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
  /** What follows the rows in JSON, once they are read. */
  readonly sums?: () => Readonly<Record<string, unknown>>;
}

/**
 * Prints a report page by page. Nothing is printed before there is a first page: what fails at the beginning
 * leaves no half of a file. What fails later ends JSON with the `error`, so that it is JSON, and not taken
 * for all of it.
 */
export async function print<Row>(
  { sheet, head, pages, sums }: Report<Row>,
  json: boolean,
  shell: Pick<Shell, 'answer'>,
): Promise<Outcome> {
  const form: Form<Row> = json ? jsonForm(sheet, head) : csvForm(sheet);
  let beginning = form.begin;
  try {
    for await (const page of pages) {
      if (page.length === 0) continue;
      if (!(await shell.answer(beginning + form.page(page)))) return DONE;
      beginning = '';
    }
  } catch (cause) {
    if (!(cause instanceof CommandFailure) || beginning !== '') throw cause;
    const { code, message, exit } = cause;
    await shell.answer(form.end({ error: { code, message } }));
    return { ...DONE, exit, trouble: { code, message } };
  }
  await shell.answer(beginning + form.end(sums?.()));
  return DONE;
}

const DONE: Outcome = { exit: EXIT.ok, report: undefined, text: '' };
