import { join } from 'node:path';
import { endpoints } from '../../server/http/api/endpoints.ts';

const FILES = ['http/app.ts', 'http/pages/pages.ts', 'http/ops/ops.ts', 'live/socket.ts'];
const texts = await Promise.all(
  FILES.map((path) => Bun.file(join(import.meta.dir, '../../server', path)).text()),
);
const named = (path: string): string => path.replace('*', 'x/app.css').replace(/:\w+/g, 'x');

/** Every path that the code names, with its method, for tests that leave none out. */
export const PATHS: readonly { readonly method: string; readonly path: string }[] = [
  ...texts.flatMap((text) =>
    [...text.matchAll(/\.(get|post)\(\s*'(\/[^']*)'/g)].map(([, method, path]) => ({
      method: method!.toUpperCase(),
      path: named(path!),
    })),
  ),
  { method: 'GET', path: '/api/openapi.json' },
  ...endpoints.map(({ method, path }) => ({ method, path: named(path) })),
];
