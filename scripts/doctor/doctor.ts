import { loadConfig, type Config, type Environment } from '../../server/config.ts';
import { backups, history, jobs, tail, tailHole } from './backups.ts';
import { database, disk, folder, lacking, mayLook } from './books.ts';
import { wrong, type Check } from './check.ts';
import { edges } from './edges.ts';
import { CREDENTIALS_FOLDER, secrets } from './file-modes.ts';
import { FILTER_RULES, firewall } from './firewall.ts';
import { INSTALLED_LIST, installed } from './installed.ts';
import { bun, origin, settings, sqlite, token } from './installation.ts';
import { files } from './open-files.ts';
import { proxy, redis } from './neighbours.ts';
import { causesFirst } from './order.ts';
import { hold } from './hold.ts';
import { clock, feed } from './prices.ts';
import { answers, askServer, chains, askAtWork, operations } from './server.ts';
import { asks, timers, unit, type Asks } from './units.ts';

/** Where a doctor looks besides what the settings name; another place for tests. */
export interface Surgery {
  readonly credentials?: string;
  readonly installedList?: string;
  readonly filterRules?: string;
}

/**
 * Looks at the whole installation; nothing is changed. What is wrong comes first, causes before consequences.
 */
export async function diagnose(
  env: Environment,
  {
    credentials = CREDENTIALS_FOLDER,
    installedList = INSTALLED_LIST,
    filterRules = FILTER_RULES,
  }: Surgery = {},
): Promise<Check[]> {
  const ask = asks(env.PATH);
  const loaded = loadConfig(env);
  if ('errors' in loaded)
    return causesFirst([
      bun(),
      ...loaded.errors.map(({ key, given, bounds, example }) =>
        wrong('settings', `${key} is ${given}`, `Expected ${bounds}, for example ${example}.`),
      ),
      ...installed(installedList),
      ...firewall(ask, filterRules),
      ...unit(ask, false),
      ...timers(ask),
    ]);
  const { ok: config, hints } = loaded;
  return causesFirst([
    bun(),
    sqlite(),
    ...settings(hints),
    origin(config),
    secrets(config, env, credentials),
    token(config),
    ...installed(installedList),
    ...firewall(ask, filterRules),
    ...(await ofHouse(config, ask)),
    await redis(config),
    ...(await proxy(config)),
    backups(config, ask),
    ...timers(ask),
    history(config),
    ...jobs(config, ask),
  ]);
}

async function ofHouse(config: Config, ask: Asks): Promise<readonly Check[]> {
  if (!mayLook(config))
    return [
      wrong(
        'data',
        `this user may not look into ${config.dataDir}: nothing about the books could be checked`,
        'Run this as root: tapgrid doctor.',
      ),
    ];
  const server = await askServer(config);
  const atWork = await askAtWork(config);
  const runs = server !== null || atWork !== null;
  return [
    ...folder(config, runs, atWork?.booksGone ?? null),
    disk(config),
    ...(await database(config, runs)),
    ...(await lacking(config)),
    ...unit(ask, runs),
    answers(config, server, runs),
    ...edges(config, ask, runs),
    ...(await chains(config, server)),
    ...(await operations(config, server)),
    clock(config, server, ask),
    feed(config, server),
    ...hold(server),
    files(config, ask, server?.pid ?? null),
    ...tail(config, runs),
    ...(await tailHole(config)),
  ];
}
