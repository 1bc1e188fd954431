import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Failure, messageOf } from '../../ports/failure.ts';
import { OBJECT_BYTES_MAX, plainKey, type ObjectStore } from './object-store.ts';

export interface S3Options {
  /** Null for AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Ends with a slash. */
  readonly prefix: string;
  readonly keyId: string;
  readonly secret: string;
  /** Longest time of one request with its repetitions. */
  readonly requestMsMax?: number;
}

const REQUEST_MS_MAX = 60_000;
const ATTEMPTS_MAX = 4;

/** Objects of a bucket, on any server that knows conditional writes and checksums. */
export class S3Store implements ObjectStore {
  readonly name: string;
  readonly #client: S3Client;

  constructor(private readonly options: S3Options) {
    const { endpoint, region, keyId, secret, bucket, prefix } = options;
    this.name = `s3://${bucket}/${prefix}`;
    this.#client = new S3Client({
      ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
      region,
      credentials: { accessKeyId: keyId, secretAccessKey: secret },
      maxAttempts: ATTEMPTS_MAX,
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
  }

  /**
   * Sent with its SHA-256, which the server compares with what came, and only where nothing is; then read
   * back whole.
   */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#send(
        new PutObjectCommand({
          ...this.#at(key),
          Body: Buffer.from(bytes),
          ContentLength: bytes.length,
          IfNoneMatch: '*',
          ChecksumSHA256: new Bun.CryptoHasher('sha256').update(bytes).digest('base64'),
        }),
      );
    } catch (error) {
      // Also the answer to a repeated attempt whose first one went through.
      if (statusOf(error) !== 412 && statusOf(error) !== 409) throw error;
    }
    const back = await this.get(key);
    if (!Buffer.from(back.buffer, back.byteOffset, back.byteLength).equals(bytes))
      throw new Failure('object_differs', `${this.name}${key} reads back with different bytes`);
  }

  async get(key: string): Promise<Uint8Array> {
    try {
      const { Body, ContentLength } = await this.#send(new GetObjectCommand(this.#at(key)));
      if ((ContentLength ?? 0) > OBJECT_BYTES_MAX)
        throw new RangeError(`${this.name}${key} is larger than any object`);
      return await Body!.transformToByteArray();
    } catch (error) {
      if (statusOf(error) === 404)
        throw new Failure('object_missing', `${this.name}${key} is not there`, { cause: error });
      throw new Error(`${this.name}${key} cannot be read: ${messageOf(error)}`, { cause: error });
    }
  }

  async list(prefix: string): Promise<string[]> {
    const { bucket, prefix: root } = this.options;
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: root + prefix, ContinuationToken: token }),
      );
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key.slice(root.length));
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return keys.sort();
  }

  async remove(key: string): Promise<void> {
    await this.#send(new DeleteObjectCommand(this.#at(key)));
  }

  #at = (key: string) => ({ Bucket: this.options.bucket, Key: this.options.prefix + plainKey(key) });

  // The commands of the client share no type that names both input and output.
  #send: S3Client['send'] = ((command: Parameters<S3Client['send']>[0]) =>
    this.#client.send(command, {
      abortSignal: AbortSignal.timeout(this.options.requestMsMax ?? REQUEST_MS_MAX),
    })) as S3Client['send'];
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
