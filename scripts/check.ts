/** The quick check: types, then the style rules. usage: npm run check */
import { join } from 'node:path';
import { typesAreRight } from '../test/runner/typecheck.ts';

const ROOT = join(import.meta.dir, '..');

if (Bun.argv.includes('--help')) {
  console.log(
    'usage: npm run check    or    bun run check\n\nChecks the types and the style rules, without running the tests. Exit code 0: all right, 1: something is not.',
  );
  process.exit(0);
}

const typesRight = await typesAreRight(ROOT);
console.log(`types: ${typesRight ? 'right' : 'WRONG'}`);
const tidy = Bun.spawn([process.execPath, 'test', '--only-failures', './server/tidy.test.ts'], {
  cwd: ROOT,
  stdin: 'ignore',
  stdout: 'inherit',
  stderr: 'inherit',
});
const rulesKept = (await tidy.exited) === 0;
console.log(`style rules: ${rulesKept ? 'kept' : 'BROKEN'}`);
process.exit(typesRight && rulesKept ? 0 : 1);
