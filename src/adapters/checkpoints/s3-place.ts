// Checkpoints in a bucket of Amazon S3 or a server that speaks its API (https://docs.aws.amazon.com/AmazonS3/latest/API/). Path-style addresses,
// as every such server takes them. A bucket with Object Lock keeps them even from whoever holds the keys.
import { AwsClient } from 'aws4fetch';
import { type CheckpointPlace, checkpointName, sizesIn } from '../../seals/index.js';

const TIMEOUT_MS = 10_000;
const DEFAULT_REGION = 'us-east-1';

export class S3Place implements CheckpointPlace {
  readonly #client: AwsClient;
  readonly #bucket: string;
  readonly #prefix: string;

  /** `https://<key id>:<secret>@<host>/<bucket>[/<prefix>][?region=<region>]`; user and password percent-encoded. @throws Error */
  constructor(url: URL) {
    const [, bucket = '', ...prefix] = url.pathname.split('/');
    const [accessKeyId, secretAccessKey] = [url.username, url.password].map(decodeURIComponent);
    if (bucket === '' || !accessKeyId || !secretAccessKey) {
      throw new Error('an S3 address is s3+https://<key id>:<secret>@<host>/<bucket>[/<prefix>][?region=<region>]');
    }
    const region = url.searchParams.get('region') ?? DEFAULT_REGION;
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
    this.#bucket = `${url.origin}/${bucket}`;
    this.#prefix = prefix
      .filter((part) => part !== '')
      .map((part) => `${part}/`)
      .join('');
  }

  get name(): string {
    return `${this.#bucket}/${this.#prefix}`;
  }

  async write(size: number, note: string): Promise<void> {
    await this.#ask(this.#object(size), { method: 'PUT', body: note, headers: { 'content-type': 'text/plain' } });
  }

  /** ListObjectsV2 gives a thousand keys at a time, in the order of their names. */
  async sizes(): Promise<readonly number[]> {
    const names: string[] = [];
    for (let after: string | undefined; ;) {
      const query = new URLSearchParams({
        'list-type': '2',
        prefix: this.#prefix,
        ...(after && { 'start-after': after }),
      });
      const xml = await this.#ask(`${this.#bucket}?${query.toString()}`);
      const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
      names.push(...keys.map((key) => key.slice(this.#prefix.length)));
      after = keys.at(-1);
      if (after === undefined || !xml.includes('<IsTruncated>true</IsTruncated>')) return sizesIn(names);
    }
  }

  read(size: number): Promise<string> {
    return this.#ask(this.#object(size));
  }

  #object(size: number): string {
    return `${this.#bucket}/${this.#prefix}${checkpointName(size)}`;
  }

  async #ask(url: string, init: RequestInit = {}): Promise<string> {
    const answer = await this.#client.fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await answer.text();
    if (answer.ok) return text;
    const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '';
    throw new Error(`${this.#bucket} answered ${answer.status} ${code}`.trim());
  }
}
