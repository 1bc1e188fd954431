import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configErrorText } from '../server/config-text.ts';
import { loadConfig } from '../server/config.ts';
import { gapReport } from '../server/store/gap-refunds.ts';
import { DATABASE_FILE } from '../server/store/store.ts';
import { readArguments, type Command } from './operate/arguments.ts';
import { connect, NotReached } from './operate/connection.ts';
import { diagnose, diagnosisText } from './operate/doctor.ts';
import { accountsText, actionText, gapsText, helpOf, sessionsText, waitingText } from './operate/texts.ts';
import type { OperatorAnswer } from '../server/ports/operator.ts';

/** What the command ends with. */
const EXIT = { done: 0, refused: 1, misunderstood: 2, unreached: 3 } as const;

/** Accounts that are listed of those with refunds. */
const GAP_ACCOUNTS = 50;

type Write = (text: string) => void;

/** The command. @returns its exit code. */
export async function run(
  words: readonly string[],
  out: Write,
  error: Write,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const command = readArguments(words);
  if (typeof command === 'string')
    return (error(`${command}\nAll commands: bun scripts/tapgrid.ts --help\n`), EXIT.misunderstood);
  if (command.kind === 'help') {
    const help = helpOf(command.of);
    return help === undefined
      ? (error(`There is no command ${command.of}.\nAll commands: bun scripts/tapgrid.ts --help\n`),
        EXIT.misunderstood)
      : (out(help), EXIT.done);
  }
  if (command.kind === 'doctor') {
    const diagnosis = await diagnose(env);
    out(command.json ? `${JSON.stringify(diagnosis, null, 2)}\n` : diagnosisText(diagnosis));
    return diagnosis.some(({ state }) => state === 'wrong') ? EXIT.refused : EXIT.done;
  }
  const loaded = loadConfig(env);
  if ('errors' in loaded) return (error(`${configErrorText(loaded.errors)}\n`), EXIT.misunderstood);
  if (command.kind === 'gaps') {
    const path = join(loaded.ok.dataDir, DATABASE_FILE);
    if (!existsSync(path))
      return (error(`There is no house in ${loaded.ok.dataDir} (DATA_DIR).\n`), EXIT.unreached);
    const report = gapReport(path, GAP_ACCOUNTS);
    out(command.json ? `${JSON.stringify(report)}\n` : gapsText(report));
    return EXIT.done;
  }
  try {
    const house = await connect(loaded.ok);
    try {
      return await carryOut(command, house, loaded.ok.breakerHysteresisMs, out, error);
    } finally {
      await house.close();
    }
  } catch (cause) {
    if (cause instanceof NotReached) return (error(`${cause.message}\n`), EXIT.unreached);
    if (cause instanceof Error && (cause.name === 'BadCursor' || cause.name === 'NotUnderstood'))
      return (error(`${cause.message}\n`), EXIT.misunderstood);
    throw cause;
  }
}

type Asked = Exclude<Command, { readonly kind: 'help' | 'doctor' | 'gaps' }>;

async function carryOut(
  command: Asked,
  house: Awaited<ReturnType<typeof connect>>,
  settleMs: number,
  out: Write,
  error: Write,
): Promise<number> {
  const say = <Answer>(answer: Answer, textOf: (answer: Answer) => string): number => (
    out(command.json ? `${JSON.stringify(answer)}\n` : textOf(answer)), EXIT.done
  );
  switch (command.kind) {
    case 'accounts': {
      const found = await house.accounts(command.of);
      if (found.length > 0) return say(found, accountsText);
      if (command.json) out('[]\n');
      return (error(`No account found for ${command.of}.\n`), EXIT.refused);
    }
    case 'sessions': {
      const sessions = await house.sessions(command.of);
      if (sessions.length === 0 && !(await house.accounts(command.of)).some(({ id }) => id === command.of))
        return (error(`There is no account ${command.of}. To look for one: accounts find\n`), EXIT.refused);
      return say(sessions, sessionsText);
    }
    case 'audit':
      return say(
        await house.actions(command.cursor),
        ({ rows, cursor }) =>
          `${rows.map(actionText).join('') || 'Nothing was done by hand.\n'}${cursor === null ? '' : `older: --cursor ${cursor}\n`}`,
      );
    case 'waiting':
      return say(await house.waiting(), waitingText);
    case 'approve':
    case 'order': {
      const id = command.kind === 'order' ? command.order.id : command.id;
      const answer = await (command.kind === 'order'
        ? house.act(command.order)
        : house.approve(id, command.by)
      ).catch((cause) => {
        throw cause instanceof NotReached ? new NotReached(`${cause.message} --id ${id}`, { cause }) : cause;
      });
      if ('refused' in answer) {
        if (command.json) out(`${JSON.stringify(answer)}\n`);
        const isEmptyWindow =
          answer.refused === 'not_found' &&
          command.kind === 'order' &&
          command.order.deed.what === 'void-window';
        error(
          `Not done: ${isEmptyWindow ? 'There is no open bet in that window.' : answer.message} (${answer.refused})${answer.refused === 'unknown' || answer.refused === 'busy' ? ` --id ${id}` : ''}\n`,
        );
        if (answer.refused === 'approval_needed' && house.way === 'server')
          error(`It waits for somebody else: bun scripts/tapgrid.ts approve ${id}\n`);
        return EXIT.refused;
      }
      const how = `${answer.replayed ? 'Had been done before' : 'Done'}${house.way === 'files' ? ' in the files; no server runs' : ''}${answer.bets > 0 ? `; ${answer.bets} bets were given back` : ''}.\n${whatFollows(answer, house.way, settleMs)}`;
      return say(answer, ({ done }) => `${actionText(done)}${how}`);
    }
  }
}

/** What whoever did it may not expect. */
function whatFollows(
  { done: { what } }: Extract<OperatorAnswer, { readonly done: unknown }>,
  way: 'server' | 'files',
  settleMs: number,
): string {
  if (what !== 'resume' || way === 'files') return '';
  return `Taps are taken again after ${settleMs / 1000} s of health, when nothing else speaks against it: bun scripts/tapgrid.ts doctor\n`;
}

if (import.meta.main)
  process.exitCode = await run(
    process.argv.slice(2),
    (text) => void process.stdout.write(text),
    (text) => void process.stderr.write(text),
  );
