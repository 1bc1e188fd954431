import { strToU8, zipSync } from 'fflate';
import { loadConfig, type Environment } from '../../server/config.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { diagnose, type Surgery } from '../doctor/doctor.ts';
import { CREDENTIALS_FOLDER } from '../doctor/file-modes.ts';
import { INSTALLED_LIST } from '../doctor/installed.ts';
import { diagnosisText } from '../doctor/order.ts';
import { asks } from '../doctor/units.ts';
import { about, health, healthLog, installed, journal, metrics, settings, sizes, units } from './parts.ts';
import { Redactor } from './redactor.ts';

const README = `What tapgrid support-bundle found on a machine, for support.

about.txt     versions, system, clock
doctor.txt    the doctor's report
installed.txt how the machine is configured, and checksums of the installed files
settings.txt  every setting and where it comes from, secrets left out
units.txt     what systemd reports about the server and its neighbours
journal.txt   the newest lines of the server and of its jobs
health.txt    when the house was not well, of those lines
healthz.json  how it is now
metrics.txt   its figures now
sizes.txt     files of books and backups, with modes and sizes

Secrets were taken out of every file. Ids of accounts, addresses of wallets, what was tapped and the reasons
that operators gave stand in the journal: give this to those alone who may know them.
`;

/** The archive as it is after a part was added. */
export interface Bundle {
  readonly bytes: Uint8Array;
  readonly names: readonly string[];
  /** How much of it is there, 0 to 1. */
  readonly part: number;
}

/**
 * An archive of what a helper asks for first, whole after each part, so that one that hangs or is interrupted
 * takes nothing away. Of a part that cannot be gathered it says why. None of its texts holds a secret.
 */
export async function* bundle(
  env: Environment,
  at: Date,
  { credentials = CREDENTIALS_FOLDER, installedList = INSTALLED_LIST }: Surgery = {},
): AsyncGenerator<Bundle, void> {
  const ask = asks(env.PATH);
  const loaded = loadConfig(env);
  const config = 'ok' in loaded ? loaded.ok : null;
  const folders = [credentials, ...(env.CREDENTIALS_DIRECTORY ? [env.CREDENTIALS_DIRECTORY] : [])];
  const redactor = new Redactor(env, config, folders);
  const lines = journal(ask);
  const parts: readonly (readonly [name: string, gather: () => string | Promise<string>])[] = [
    ['README.txt', () => README],
    ['about.txt', () => about(ask, at)],
    ['doctor.txt', async () => diagnosisText(await diagnose(env, { credentials, installedList }))],
    ['installed.txt', () => installed(installedList)],
    ['settings.txt', () => settings(env)],
    ['units.txt', () => units(ask)],
    ['journal.txt', () => lines],
    ['health.txt', () => healthLog(lines)],
    ...(config === null
      ? []
      : ([
          ['healthz.json', () => health(config)],
          ['metrics.txt', () => metrics(config)],
          ['sizes.txt', () => sizes(config)],
        ] as const)),
  ];
  const files: Record<string, Uint8Array> = {};
  for (const [name, gather] of parts) {
    files[name] = strToU8(redactor.redact(await gathered(gather)));
    const names = Object.keys(files);
    yield { bytes: zipSync(files, { mtime: at }), names, part: names.length / parts.length };
  }
}

const gathered = async (gather: () => string | Promise<string>): Promise<string> => {
  try {
    return await gather();
  } catch (cause) {
    return `could not be gathered: ${messageOf(cause)}\n`;
  }
};
