import { compose, NotStarted } from './compose.ts';
import { configErrorText, EXIT_CODES, helpText } from './config-text.ts';
import { loadConfig } from './config.ts';
import { createLog } from './upkeep/log.ts';

/** Time that commits under way have to end before the process leaves anyway. */
const STOP_MS_MAX = 10_000;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(helpText());
  process.exit(EXIT_CODES.stopped);
}
if (args.length > 0) refuse(`Unknown argument ${args[0]}. Settings come from the environment; see --help.`);

const loaded = loadConfig();
if ('errors' in loaded) refuse(configErrorText(loaded.errors));
const config = loaded.ok;
const log = createLog(config.logLevel);
for (const hint of loaded.hints) log.warn(hint);

try {
  const tapgrid = await compose(config, log, (cause) => {
    log.fatal({ err: cause }, 'a commit failed: it is not known whether it is durable; the process ends so that a restart tells');
    // The answers that say so are on their way to the sockets.
    setTimeout(() => process.exit(EXIT_CODES.broken), 200);
  });
  log.info({ feed: tapgrid.feed.label }, `Tapgrid is ready: open ${tapgrid.origin}`);
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
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
  if (cause instanceof NotStarted) refuse(cause.message);
  throw cause;
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_CODES.refused);
}
