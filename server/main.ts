import { availableParallelism } from 'node:os';
import { edgesOf } from './compose/places.ts';
import { configErrorText, EXIT_CODES, helpText } from './config-text.ts';
import { loadConfig, loadSupervision, type Config } from './config.ts';
import { isFailure } from './ports/failure.ts';
import { wakeWithoutParent } from './supervisor/orphan.ts';
import { saysToSupervisor } from './supervisor/supervised.ts';
import type { Run } from './run/part.ts';
import { createLog } from './upkeep/log.ts';
import { standardOutput } from './upkeep/log-output.ts';
import { openNotify } from './upkeep/notify.ts';

/** Time that commits under way have to end before the process leaves anyway. */
const STOP_MS_MAX = 10_000;
/** The same for a supervisor, which waits for its edges and then for its engine. */
const STOP_ALL_MS_MAX = 18_000;

/**
 * The server from start to stop: the process ends with one of EXIT_CODES, so this never returns.
 *
 * @param args what stands behind the command that starts it.
 */
export async function serve(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText());
    process.exit(EXIT_CODES.stopped);
  }
  if (args.length > 0)
    refuse(
      `Unknown argument ${args[0]}; settings come from the environment, see --help.`,
      EXIT_CODES.misused,
    );

  const loaded = loadConfig();
  if ('errors' in loaded) refuse(configErrorText(loaded.errors), EXIT_CODES.misused);
  const config = loaded.ok;
  const output = standardOutput();
  const log = createLog(config.logLevel, output);
  for (const hint of loaded.hints) log.warn(hint);
  const supervision = loadSupervision();
  // Whoever starts the whole house may have a channel to it too: it is no supervisor of ours.
  const toSupervisor = config.role === 'house' ? null : saysToSupervisor(config.role);

  try {
    const notify = toSupervisor?.notify ?? openNotify(supervision.notifySocket);
    const { watchdogMs } = toSupervisor ?? supervision;
    // Without its supervisor, nothing would restart a process of the house.
    let leave = (): void => process.exit(EXIT_CODES.stopped);
    if (toSupervisor !== null) {
      wakeWithoutParent();
      process.on('disconnect', () => leave());
    }
    const { load, stopMsMax } = partOf(config);
    const { run } = await load();
    const running = await run({ config, log, output, notify, watchdogMs });
    notify(`READY=1\nSTATUS=${running.status}`);
    log.info(running.ready);
    let stopping = false;
    const stop = (signal: string): void => {
      if (stopping) return;
      stopping = true;
      notify('STOPPING=1');
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(EXIT_CODES.broken), stopMsMax).unref();
      running.stop().then(
        (code) => process.exit(code ?? EXIT_CODES.stopped),
        (cause) => {
          log.error({ err: cause }, 'did not stop cleanly');
          process.exit(EXIT_CODES.broken);
        },
      );
    };
    process.on('SIGTERM', () => stop('SIGTERM'));
    // Ctrl-C reaches all processes of a terminal at once: the supervisor says when it is whose turn.
    process.on('SIGINT', () => toSupervisor === null && stop('SIGINT'));
    leave = () => stop('disconnect');
  } catch (cause) {
    if (isFailure(cause, 'not_started', 'not_listening')) refuse(cause.message);
    if (isFailure(cause, 'unusable_setting')) refuse(cause.message, EXIT_CODES.misused);
    if (isFailure(cause, 'house_elsewhere')) refuse(cause.message, EXIT_CODES.houseElsewhere);
    throw cause;
  }
}

/** What this process is to be; only the code of that is loaded. */
function partOf(config: Config): { load: () => Promise<{ readonly run: Run }>; stopMsMax: number } {
  const stopMsMax = STOP_MS_MAX;
  if (config.role === 'edge') return { load: () => import('./run/edge.ts'), stopMsMax };
  if (config.role === 'engine') return { load: () => import('./run/engine.ts'), stopMsMax };
  if (edgesOf(config, availableParallelism()) === 0)
    return { load: () => import('./run/house.ts'), stopMsMax };
  return { load: () => import('./run/all.ts'), stopMsMax: STOP_ALL_MS_MAX };
}

function refuse(message: string, code: number = EXIT_CODES.refused): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

if (import.meta.main) await serve(process.argv.slice(2));
