import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { placedAt } from '../ports/failure.ts';

export interface Gauge {
  readonly name: string;
  readonly about: string;
  /** By label pairs as they stand between the braces; '' for none. */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Writes metrics for the textfile collector of Prometheus' node exporter: whole or not at all, readable by
 * others.
 * @param path must end in `.prom`, or the collector passes it over.
 */
export function writeTextfile(path: string, gauges: readonly Gauge[]): void {
  const text = gauges
    .map(({ name, about, values }) => {
      const lines = Object.entries(values).map(
        ([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`,
      );
      return `# HELP ${name} ${about}\n# TYPE ${name} gauge\n${lines.join('')}`;
    })
    .join('');
  const unfinished = `${path}.${process.pid}`;
  try {
    const file = openSync(unfinished, 'w', 0o644);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw placedAt(cause, unfinished);
  }
}

/** A value without labels out of a file that was written before; null when there is none. */
export function readTextfile(path: string, name: string): number | null {
  try {
    const value = readFileSync(path, 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1);
    return value === undefined || !Number.isFinite(Number(value)) ? null : Number(value);
  } catch {
    return null;
  }
}
