import { describe, expect, test } from 'bun:test';
import { Graph } from './graph.ts';
import { importsOf, type SourceFile } from './source.ts';

const graphOf = (files: Readonly<Record<string, string>>): Graph =>
  new Graph(Object.entries(files).map(([path, text]): SourceFile => ({ path, text })));

test.each<[text: string, kind: string, names: readonly string[] | null]>([
  ["import { a, b as c, type D } from './x.ts';", 'value', ['a', 'b', 'D']],
  ["import type { A } from './x.ts';", 'type', ['A']],
  ["export { a } from './x.ts';", 'value', ['a']],
  ["export type { A } from './x.ts';", 'type', ['A']],
  ["import * as x from './x.ts';", 'value', null],
  ["import x from './x.ts';", 'value', null],
  ["import './x.ts';", 'value', null],
  ["const x = await import('./x.ts');", 'value', null],
  ["new Worker(new URL('./x.ts', import.meta.url));", 'worker', null],
])('%s', (text, kind, names) =>
  expect(importsOf(text)).toEqual([{ target: './x.ts', kind: kind as 'value', names }]),
);

test('a comment and an address import nothing', () =>
  expect(importsOf("// import { a } from './x.ts';\nnew URL('wss://venue.example/x.ts');")).toEqual([]));

describe('files to which nothing leads', () => {
  const graph = graphOf({
    'main.ts': "import { a } from './a.ts'; run('client.ts', `${import.meta.dir}/in/page.ts`);",
    'a.ts': "import type { B } from './b.ts';",
    'b.ts': '',
    'client.ts': "new Worker(new URL('./worker.ts', import.meta.url));",
    'worker.ts': '',
    'in/page.ts': '',
    'shape.d.ts': '',
    'dead.ts': "import './dead-too.ts';",
    'dead-too.ts': '',
    'style.css': '',
  });
  test('are found, those that only they need too', () =>
    expect(graph.unreached((path) => path === 'main.ts')).toEqual(['dead.ts', 'dead-too.ts']));
});

test('of all that an entry must not load or name, the import that leads there is named alone', () => {
  const graph = graphOf({
    'edge.ts': "import './pages.ts'; import type { C } from './shape.ts';",
    'pages.ts': "import './engine/a.ts'; import type { B } from './engine/b.ts'; run('engine/d.ts');",
    'shape.ts': "import './engine/c.ts';",
    'crowd.ts': "new Worker(new URL('./worker.ts', import.meta.url));",
    'worker.ts': "import './engine/c.ts';",
    'engine/a.ts': "import './b.ts';",
    'engine/b.ts': '',
    'engine/c.ts': '',
    'engine/d.ts': '',
  });
  const isEngine = (path: string): boolean => path.startsWith('engine/');
  expect(graph.importsInto('edge.ts', isEngine)).toEqual([
    'pages.ts imports engine/a.ts',
    'pages.ts imports engine/b.ts',
  ]);
  expect(graph.importsInto('crowd.ts', isEngine)).toEqual(['worker.ts imports engine/c.ts']);
  expect(graph.importsInto('engine/b.ts', isEngine)).toEqual([]);
});

describe('circles', () => {
  test.each<[name: string, files: Record<string, string>, circles: string[][]]>([
    ['of two', { 'a.ts': "import './b.ts';", 'b.ts': "import './a.ts';" }, [['a.ts', 'b.ts']]],
    [
      'of three, beside one that is in none',
      {
        'd.ts': "import './a.ts';",
        'a.ts': "import './b.ts';",
        'b.ts': "import './c.ts';",
        'c.ts': "import './a.ts';",
      },
      [['a.ts', 'b.ts', 'c.ts']],
    ],
    [
      'of types alone are none',
      { 'a.ts': "import './b.ts';", 'b.ts': "import type { A } from './a.ts';" },
      [],
    ],
    ['through a worker are none', { 'a.ts': "import './b.ts';", 'b.ts': "new URL('./a.ts')" }, []],
  ])('%s', (_, files, circles) => expect(graphOf(files).circles()).toEqual(circles));
});

test('a value that is exported and not taken is found; a type, one that is taken, and all of a whole import are not', () =>
  expect(
    graphOf({
      'a.ts':
        'export const used = 1;\nexport const dead = 2;\nexport async function gone() {}\nexport ' +
        'interface Shape {}',
      'b.ts': 'export class Whole {}',
      'c.test.ts': "import { used } from './a.ts';\nimport * as b from './b.ts';\nexport const own = 1;",
    }).unusedExports(),
  ).toEqual(['a.ts: dead', 'a.ts: gone']));
