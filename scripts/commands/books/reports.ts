import { join } from 'node:path';
import { jobReportFile, JOBS_FOLDER } from '../../../server/upkeep/jobs.ts';

/** The option of a job that leaves figures for Prometheus. */
export const metricsOption = (job: string) =>
  ({
    value: '<path>',
    about:
      "file for the metrics of Prometheus' textfile collector; default: " +
      `${join(JOBS_FOLDER, `${job}.prom`)} in DATA_DIR, where that folder is`,
  }) as const;

/** @returns null where nobody reads them. */
export const metricsFile = (given: string | undefined, dataDir: string, job: string): string | null =>
  given ?? jobReportFile(dataDir, job);
