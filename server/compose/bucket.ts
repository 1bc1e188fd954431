import type { Config } from '../config.ts';
import type { ObjectStore } from '../upkeep/backup/object-store.ts';
import { S3Store } from '../upkeep/backup/s3-store.ts';

/**
 * Null where no bucket is set.
 * @param requestMsMax longest time of one request with its repetitions.
 */
export function bucketOf(
  {
    backupS3Bucket: bucket,
    backupS3Endpoint: endpoint,
    backupS3Region: region,
    backupS3Prefix: prefix,
    backupS3KeyId: keyId,
    backupS3Secret: secret,
  }: Config,
  requestMsMax?: number,
): ObjectStore | null {
  return bucket === null
    ? null
    : new S3Store({
        bucket,
        endpoint,
        region,
        prefix,
        keyId: keyId!,
        secret: secret!,
        ...(requestMsMax !== undefined && { requestMsMax }),
      });
}
