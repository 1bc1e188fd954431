import { randomBytes } from 'node:crypto';
import { sameName } from '../../../server/game/operator.ts';
import { isOperatorName, OPERATOR_NAME_RULE, operatorLine } from '../../../server/identity/operators.ts';
import { command } from '../../command-line/command.ts';
import type { Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { CommandFailure, misused, notFound } from '../../command-line/failure.ts';
import { namesOf, replaceText, textOf } from '../../operate/operators-file.ts';

const TOKEN_BYTES = 32;
const NAME = { about: 'the name that stands beside all they do' };

export const add = command({
  about:
    'Makes a token for an operator, writes its SHA-256 into the file that OPERATORS_FILE names, ' +
    'and prints the token, once.',
  words: { name: NAME },
  notes: `A running server knows it at once. The token opens /ops; for commands it stands in ~/.tapgrid-token of its
operator, readable for them alone, or in the file of --token-file, or in TAPGRID_TOKEN.`,
  examples: ['operators add ANN'],
  exits: { 0: 'made', 1: 'there is an operator of that name, or the file cannot be written' },
  async run({ words }, shell) {
    const { name } = words;
    if (!isOperatorName(name))
      throw misused('bad_name', `${JSON.stringify(name)} is no name: ${OPERATOR_NAME_RULE}.`);
    const path = fileOf(shell);
    const text = textOf(path);
    if (namesOf(path, text).some((other) => sameName(other, name)))
      throw new CommandFailure('known', `${name} has a token: tapgrid operators remove takes it away.`);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    replaceText(path, `${endedLine(text)}${operatorLine(name, token)}\n`);
    shell.say(`The token of ${name}, which nothing can show again:`);
    return { exit: EXIT.ok, report: { name, token }, text: `${token}\n` };
  },
});

export const remove = command({
  about: 'Takes the token of an operator away; a running server lets them do nothing more.',
  words: { name: NAME },
  examples: ['operators remove ANN'],
  exits: { 0: 'taken away', 1: 'there is no operator of that name, or the file cannot be written' },
  async run({ words: { name } }, shell) {
    const path = fileOf(shell);
    const text = textOf(path);
    if (!namesOf(path, text).some((other) => sameName(other, name))) throw notFound(`${name} has no token.`);
    const isTheirs = (line: string): boolean =>
      !line.trim().startsWith('#') && namesOf(path, line).some((other) => sameName(other, name));
    replaceText(
      path,
      text
        .split('\n')
        .filter((line) => !isTheirs(line))
        .join('\n'),
    );
    return { exit: EXIT.ok, report: { name }, text: `${name} has no token any more.\n` };
  },
});

export const list = command({
  about: 'Lists the operators who have a token.',
  examples: ['operators list'],
  exits: { 0: 'the file can be read', 1: 'it cannot' },
  async run(_, shell) {
    const path = fileOf(shell);
    const report = namesOf(path, textOf(path));
    const text = report.map((name) => `${name}\n`).join('') || 'No operator has a token.\n';
    return { exit: EXIT.ok, report, text };
  },
});

/** @throws CommandFailure with exit code 2 without a setting that names one */
function fileOf(shell: Shell): string {
  const { operatorsFile } = shell.config();
  if (operatorsFile !== null) return operatorsFile;
  throw misused('no_file', 'OPERATORS_FILE is not set: name a file there, such as /etc/tapgrid/operators.');
}

const endedLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
