import { csvLine, type CsvField } from '../../server/http/csv.ts';

/** One report's form: the columns of its file, and what stands for a row in JSON. */
export interface Sheet<Row> {
  readonly columns: readonly string[];
  /** Lines of a row, each with a field for each column. */
  readonly lines: (row: Row) => readonly (readonly CsvField[])[];
  readonly json: (row: Row) => unknown;
}

/** A form that is written piece by piece: a page after the other between a beginning and an end. */
export interface Form<Row> {
  readonly begin: string;
  readonly page: (rows: readonly Row[]) => string;
  /** @param sums what follows the rows, in formats that have a place for it. */
  readonly end: (sums?: Readonly<Record<string, unknown>>) => string;
}

export const csvForm = <Row>({ columns, lines }: Sheet<Row>): Form<Row> => ({
  begin: csvLine(columns),
  page: (rows) => rows.flatMap(lines).map(csvLine).join(''),
  end: () => '',
});

/** One object, one line per row. @param head what precedes the rows. */
export function jsonForm<Row>({ json }: Sheet<Row>, head: Readonly<Record<string, unknown>>): Form<Row> {
  let isFirst = true;
  const line = (row: Row): string => {
    const separator = isFirst ? '\n' : ',\n';
    isFirst = false;
    return separator + JSON.stringify(json(row));
  };
  return {
    begin: `${JSON.stringify({ ...head, rows: [] }).slice(0, -2)}`,
    page: (rows) => rows.map(line).join(''),
    end: (sums) => (sums === undefined ? '\n]}\n' : `\n],${JSON.stringify(sums).slice(1)}\n`),
  };
}
