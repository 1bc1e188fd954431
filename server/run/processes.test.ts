import { describe, expect, test } from 'bun:test';
import { dirname, join } from 'node:path';
import { Graph } from '../../test/tidy/graph.ts';
import { readSources } from '../../test/tidy/source.ts';

/**
 * Which process runs which code: the table of docs/architecture.md, "Engine and edges", compared with the
 * imports of the tree.
 */
const ROOT = join(import.meta.dir, '../..');
const DOCUMENT = await Bun.file(join(ROOT, 'docs/architecture.md')).text();
const ENTRIES = { engine: 'server/run/engine.ts', edge: 'server/run/edge.ts' } as const;
type Process = keyof typeof ENTRIES;
const graph = new Graph(await readSources(ROOT));

const ROWS = { engine: 'the engine alone', edge: 'edges alone' } as const;
const rowOf = (name: string): string[] =>
  [...(new RegExp(`^\\| ${name} \\| (.*) \\|$`, 'm').exec(DOCUMENT)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(
    ([, folder = '']) => folder,
  );

/** Of the folders that both share, the files that are one's inside. */
const INSIDE = {
  engine:
    /^server\/(?:store\/(?:writer|migrat|posting-)|link\/(?:engine-end|served-edge)|compose\/(?:engine|moving))/,
  edge: /^server\/(?:http\/(?:app|gate|api-routes)|identity\/(?:login|sessions|comeback)|link\/(?:edge-end|remote)|compose\/edge)/,
} as const;
const isInside = (process: Process) => {
  const folders = rowOf(ROWS[process]);
  return (path: string): boolean =>
    folders.some((folder) => path.startsWith(`${folder}/`)) || INSIDE[process].test(path);
};

test('the table says of each folder which process runs its code', () => {
  const loaded = { engine: graph.loadedBy(ENTRIES.engine), edge: graph.loadedBy(ENTRIES.edge) };
  // Edges take from it how often they report, and how nice they are.
  const supervisor = new Set(rowOf('the supervisor'));
  expect([...supervisor]).toEqual(['server/supervisor']);
  const foldersOf = (process: Process) =>
    new Set(loaded[process].map((path) => dirname(path))).difference(supervisor);
  const [ofEngine, ofEdge] = [foldersOf('engine'), foldersOf('edge')];
  const onlyIn = (these: Set<string>, those: Set<string>) => {
    const folders = [...these.difference(those)].sort();
    return folders.filter((folder) => !folders.some((above) => folder.startsWith(`${above}/`)));
  };
  const table = { engine: rowOf(ROWS.engine), edge: rowOf(ROWS.edge) };
  expect(table, 'docs/architecture.md, "Engine and edges", says it of each folder').toEqual({
    engine: onlyIn(ofEngine, ofEdge),
    edge: onlyIn(ofEdge, ofEngine),
  });
});

describe.each<[Process, Process]>([
  ['edge', 'engine'],
  ['engine', 'edge'],
])('%s', (one, other) => {
  const hint = 'import it elsewhere (docs/architecture.md, "Engine and edges")';

  test(`imports nothing of what is inside the ${other}, not even its types`, () =>
    expect(graph.importsInto(ENTRIES[one], isInside(other)), hint).toEqual([]));

  test('loads its own inside', () =>
    expect(graph.loadedBy(ENTRIES[one]).filter(isInside(one)).length).toBeGreaterThan(30));
});
