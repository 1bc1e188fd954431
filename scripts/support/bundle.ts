import { strToU8, zipSync } from 'fflate';
import { loadConfig, type Environment } from '../../server/config.ts';
import { diagnose, type Surgery } from '../doctor/doctor.ts';
import { CREDENTIALS_FOLDER } from '../doctor/file-modes.ts';
import { INSTALLED_LIST } from '../doctor/installed.ts';
import { diagnosisText } from '../doctor/order.ts';
import { asks } from '../doctor/units.ts';
import { about, health, healthLog, installed, journal, metrics, settings, sizes, units } from './parts.ts';
import { Redactor } from './redactor.ts';

const README = `What tapgrid support-bundle found on a machine, for whoever helps its operator.

about.txt     versions, system, clock
doctor.txt    what the doctor says
installed.txt what the machine was told to be, and checksums of what was installed
settings.txt  every setting and where it comes from, secrets left out
units.txt     what systemd says of the server and its neighbours
journal.txt   the newest lines of the server and of its jobs
health.txt    when the house was not well, of those lines
healthz.json  how it is now
metrics.txt   its figures now
sizes.txt     files of books and backups, with modes and sizes

Secrets were taken out of every file. Ids of accounts, addresses of wallets, what was tapped and the reasons
that operators gave stand in the journal: give this to those alone who may know them.
`;

const PARTS = 11;

/** One archive of what a helper asks for first; none of its texts holds a secret. */
export async function bundle(
  env: Environment,
  at: Date,
  { credentials = CREDENTIALS_FOLDER, installedList = INSTALLED_LIST }: Surgery = {},
  progress: (part: number, what: string) => void = () => {},
): Promise<{ readonly bytes: Uint8Array; readonly names: readonly string[] }> {
  const ask = asks(env.PATH);
  const loaded = loadConfig(env);
  const config = 'ok' in loaded ? loaded.ok : null;
  const folders = [credentials, ...(env.CREDENTIALS_DIRECTORY ? [env.CREDENTIALS_DIRECTORY] : [])];
  const redactor = new Redactor(env, config, folders);
  const files: Record<string, Uint8Array> = {};
  const add = (name: string, text: string): void => {
    files[name] = strToU8(redactor.redact(text));
    progress(Object.keys(files).length / PARTS, name);
  };
  const lines = journal(ask);
  add('README.txt', README);
  add('about.txt', about(ask, at));
  add('doctor.txt', diagnosisText(await diagnose(env, { credentials, installedList })));
  add('installed.txt', installed(installedList));
  add('settings.txt', settings(env));
  add('units.txt', units(ask));
  add('journal.txt', lines);
  add('health.txt', healthLog(lines));
  if (config !== null) {
    add('healthz.json', await health(config));
    add('metrics.txt', await metrics(config));
    add('sizes.txt', sizes(config));
  }
  return { bytes: zipSync(files, { mtime: at }), names: Object.keys(files) };
}
