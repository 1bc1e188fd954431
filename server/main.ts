import { compose } from './compose.ts';
import { configErrorText, EXIT_CODES, helpText } from './config-text.ts';
import { loadConfig, loadSupervision } from './config.ts';
import { isFailure } from './ports/failure.ts';
import { createLog, createRecordLog } from './upkeep/log.ts';
import { standardOutput } from './upkeep/log-output.ts';
import { openNotify } from './upkeep/notify.ts';
import { watchdog } from './upkeep/watchdog.ts';

/** Time that commits under way have to end before the process leaves anyway. */
const STOP_MS_MAX = 10_000;

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
      `Unknown argument ${args[0]}. Settings come from the environment; see --help.`,
      EXIT_CODES.misused,
    );

  const loaded = loadConfig();
  if ('errors' in loaded) refuse(configErrorText(loaded.errors), EXIT_CODES.misused);
  const config = loaded.ok;
  const output = standardOutput();
  const log = createLog(config.logLevel, output);
  for (const hint of loaded.hints) log.warn(hint);
  const { notifySocket, watchdogMs } = loadSupervision();

  try {
    const notify = openNotify(notifySocket);
    const tapgrid = await compose(
      config,
      log,
      (cause) => {
        log.fatal(
          { err: cause },
          'a commit failed: it is not known whether it is durable; the process ends so that a restart tells',
        );
        // The answers that say so are on their way to the sockets.
        setTimeout(() => process.exit(EXIT_CODES.broken), 200);
      },
      { records: createRecordLog(config.logLevel, output), dropped: () => output.dropped },
    );
    tapgrid.onStep(watchdog(notify, watchdogMs, tapgrid.engine.batcher));
    notify(`READY=1\nSTATUS=Prices: ${tapgrid.feed.label}`);
    log.info({ feed: tapgrid.feed.label }, `Tapgrid is ready: open ${tapgrid.origin}`);
    let stopping = false;
    const stop = (signal: string) => {
      if (stopping) return;
      stopping = true;
      notify('STOPPING=1');
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(EXIT_CODES.broken), STOP_MS_MAX).unref();
      tapgrid.stop().then(
        () => process.exit(EXIT_CODES.stopped),
        (cause) => {
          log.error({ err: cause }, 'did not stop cleanly');
          process.exit(EXIT_CODES.broken);
        },
      );
    };
    process.on('SIGTERM', () => stop('SIGTERM'));
    process.on('SIGINT', () => stop('SIGINT'));
  } catch (cause) {
    if (isFailure(cause, 'not_started', 'not_listening')) refuse(cause.message);
    if (isFailure(cause, 'house_elsewhere')) refuse(cause.message, EXIT_CODES.houseElsewhere);
    throw cause;
  }
}

function refuse(message: string, code: number = EXIT_CODES.refused): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

if (import.meta.main) await serve(process.argv.slice(2));
