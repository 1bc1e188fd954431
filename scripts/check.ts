/** The quick check: format, lint, types, secrets and the style rules. usage: npm run check */
import { join } from 'node:path';
import { givenAlone } from './command-line/alone.ts';
import { CHECKS, runChecks, verdictText } from '../test/runner/checks.ts';

givenAlone('bun run check', {
  about: 'Checks format, lint, types, secrets in files and the style rules, without running the tests.',
  notes: 'It is what "npm run check" runs. What differs from the format is put right by: npm run format',
  examples: [''],
  exits: { 0: 'all right', 1: 'something is not' },
  json: false,
});

const wrong = await runChecks(join(import.meta.dir, '..'), CHECKS, (verdict) =>
  console.log(verdictText(verdict)),
);
process.exit(wrong === 0 ? 0 : 1);
