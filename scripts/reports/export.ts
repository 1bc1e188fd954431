import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../server/ports/failure.ts';
import { CommandFailure } from '../command-line/failure.ts';
import { stakesIn, type AccountReports } from './account.ts';
import { BET_SHEET, statementSheet } from './entry-sheets.ts';
import type { Period } from './period.ts';
import { ACTION_SHEET, LIMIT_SHEET, REFUSAL_SHEET, SESSION_SHEET } from './record-sheets.ts';
import { csvForm, jsonForm, type Form, type Sheet } from './sheet.ts';

export interface ExportedFile {
  readonly name: string;
  readonly rows: number;
  readonly sha256: string;
}

/**
 * Writes all of an account into a new folder: each list as CSV and as JSON, and `account.json` with what the
 * account is, how far the chains were, and a checksum of each file. The folder has its name once it is whole.
 *
 * @throws CommandFailure `exists`, `not_written`
 */
export async function exportAccount(
  reports: AccountReports,
  period: Period,
  folder: string,
  madeAt: number,
): Promise<readonly ExportedFile[]> {
  if (existsSync(folder))
    throw new CommandFailure('exists', `${folder} already exists; choose a new folder.`);
  const unfinished = `${folder}.unfinished`;
  writing(unfinished, () => {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    // Fails where somebody else made it meanwhile.
    mkdirSync(unfinished, { mode: 0o700 });
  });
  try {
    const files = await listsOf(reports, period, unfinished);
    writing(folder, () => {
      const { account, heads: chain } = reports;
      const head = { madeAt, from: boundOf(period.from), to: boundOf(period.to), account, chain, files };
      writeFileSync(join(unfinished, 'account.json'), `${JSON.stringify(head, null, 2)}\n`, { mode: 0o600 });
      renameSync(unfinished, folder);
    });
    return files;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

const boundOf = (at: number): number | null => (at === 0 || at === Number.MAX_SAFE_INTEGER ? null : at);

async function listsOf(reports: AccountReports, period: Period, folder: string): Promise<ExportedFile[]> {
  const { account, records } = reports;
  const head = { account: account.id, currency: account.currency };
  const into: Into = (name, sheet) => new List(folder, name, sheet, head);
  return [
    ...(await statementAndBets(reports, period, into)),
    ...(await into('refusals', REFUSAL_SHEET).filled(reports.refusals(period))),
    ...(await into('sessions', SESSION_SHEET).filled(records.sessions(account.id))),
    ...(await into('limits', LIMIT_SHEET).filled(records.limitChanges(account.id))),
    ...(await into('actions', ACTION_SHEET).filled(records.actions(account.id))),
  ];
}

/** Both from one way through the books. */
async function statementAndBets(
  reports: AccountReports,
  period: Period,
  into: Into,
): Promise<ExportedFile[]> {
  const statement = into('statement', statementSheet(reports.account.currency));
  const bets = into('bets', BET_SHEET);
  for await (const page of reports.entries(period)) {
    statement.add(page);
    bets.add(stakesIn(page));
  }
  return [...statement.end(), ...bets.end()];
}

type Into = <Row>(name: string, sheet: Sheet<Row>) => List<Row>;

/** One list in both of its forms. */
class List<Row> {
  readonly #files: readonly FormFile<Row>[];

  constructor(folder: string, name: string, sheet: Sheet<Row>, head: Readonly<Record<string, unknown>>) {
    this.#files = [
      new FormFile(folder, `${name}.csv`, csvForm(sheet)),
      new FormFile(folder, `${name}.json`, jsonForm(sheet, head)),
    ];
  }

  add(rows: readonly Row[]): void {
    for (const file of this.#files) file.add(rows);
  }

  end(): ExportedFile[] {
    return this.#files.map((file) => file.end());
  }

  async filled(pages: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>): Promise<ExportedFile[]> {
    for await (const page of pages) this.add(page);
    return this.end();
  }
}

class FormFile<Row> {
  readonly #file: number;
  readonly #hash = createHash('sha256');
  #rows = 0;

  constructor(
    folder: string,
    private readonly name: string,
    private readonly form: Form<Row>,
  ) {
    this.#file = writing(name, () => openSync(join(folder, name), 'wx', 0o600));
    this.#write(form.begin);
  }

  add(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    this.#rows += rows.length;
    this.#write(this.form.page(rows));
  }

  end(): ExportedFile {
    this.#write(this.form.end());
    closeSync(this.#file);
    return { name: this.name, rows: this.#rows, sha256: this.#hash.digest('hex') };
  }

  #write(text: string): void {
    this.#hash.update(text);
    writing(this.name, () => writeFileSync(this.#file, text));
  }
}

function writing<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new CommandFailure('not_written', `${what} cannot be written: ${messageOf(cause)}`);
  }
}
