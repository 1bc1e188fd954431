import { optional, path, text, url } from '../config-value.ts';
import { key } from '../config-key.ts';

/** Where copies of the books go. */
export const BACKUP = {
  backupDir: key(
    'BACKUP_DIR',
    optional(path),
    '',
    '/mnt/backups/tapgrid',
    'Folder for backups, and for the archive if no bucket is set; preferably on another disk. Unset: both ' +
      'in DATA_DIR.',
  ),
  backupS3Bucket: key(
    'BACKUP_S3_BUCKET',
    optional(text('a bucket name', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
    '',
    'tapgrid-backups',
    'S3 bucket that also receives the backups. Unset: they stay in BACKUP_DIR.',
  ),
  backupS3Endpoint: key(
    'BACKUP_S3_ENDPOINT',
    optional(url('https:', 'http:')),
    '',
    'https://s3.eu-central-1.example',
    "Address of the bucket's S3 server. Unset: AWS, in the bucket's region.",
  ),
  backupS3Region: key(
    'BACKUP_S3_REGION',
    text('a region name', /^[a-z0-9-]{2,40}$/),
    'us-east-1',
    'eu-central-1',
    'Region of the bucket.',
  ),
  backupS3Prefix: key(
    'BACKUP_S3_PREFIX',
    text('up to 200 letters, digits and ._-/, with a slash at the end', /^([A-Za-z0-9._-]{1,60}\/){1,3}$/),
    'tapgrid/',
    'house-1/',
    'Prefix of all object names of this house.',
  ),
  backupS3KeyId: key(
    'BACKUP_S3_KEY_ID',
    optional(text('an access key id of 3 to 128 characters', /^[\x21-\x7e]{3,128}$/)),
    '',
    'TAPGRIDBACKUP',
    'Access key id for the bucket.',
    true,
  ),
  backupS3Secret: key(
    'BACKUP_S3_SECRET',
    optional(text('a secret of 8 to 256 characters', /^[\x21-\x7e]{8,256}$/)),
    '',
    'a-long-secret',
    'Secret of the access key.',
    true,
  ),
} as const;
