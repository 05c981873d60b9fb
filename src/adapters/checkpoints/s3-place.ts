// Checkpoints in a bucket of Amazon S3 or a server that speaks its API (https://docs.aws.amazon.com/AmazonS3/latest/API/). Path-style addresses,
// as every such server takes them. A bucket with Object Lock keeps them even from whoever holds the keys.
import { createHash, hash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { countOf } from '../../kernel/index.js';
import { type CheckpointPlace, checkpointName, sizesIn } from '../../seals/index.js';
import { reached } from './reached.js';

const TIMEOUT_MS = 10_000;
const PRECONDITION_FAILED = 412;
const NOT_IMPLEMENTED = 501;
const DEFAULT_REGION = 'us-east-1';

export class S3Place implements CheckpointPlace {
  readonly #client: AwsClient;
  readonly #bucket: string;
  /** As part of an address, and as S3 knows it. */
  readonly #path: string;
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
    const folders = prefix.filter((part) => part !== '').map(decodeURIComponent);
    this.#prefix = folders.map((folder) => `${folder}/`).join('');
    // Also "+", which S3 would take for a space.
    this.#path = folders.map((folder) => `${encodeURIComponent(folder)}/`).join('');
  }

  get name(): string {
    return `${this.#bucket}/${this.#path}`;
  }

  /**
   * Content-MD5 is required for a bucket with Object Lock (API reference, PutObject). `If-None-Match: *` lets nothing take the place of what
   * another sealer wrote meanwhile: 412, or 409 while both write (S3 user guide, "Conditional writes"). A server that does not know it answers
   * 501 or takes no notice of it, so what is there in the end is looked at.
   */
  async write(size: number, note: string): Promise<void> {
    if (await this.#has(size, note)) return;
    const headers = {
      'content-type': 'text/plain; charset=utf-8',
      'content-md5': createHash('md5').update(note).digest('base64'),
      'x-amz-content-sha256': hash('sha256', note),
    };
    const put = (more = {}) =>
      this.#ask(this.#object(size), { method: 'PUT', body: note, headers: { ...headers, ...more } });
    let answer = await put({ 'if-none-match': '*' });
    if (answer.status === NOT_IMPLEMENTED) {
      await answer.body?.cancel();
      answer = await put();
    }
    if (answer.status === PRECONDITION_FAILED) await answer.body?.cancel();
    else await textOf(answer, this.name);
    await this.#has(size, note);
  }

  /** ListObjectsV2 gives a thousand keys at a time, in the order of their names. */
  async sizes(): Promise<readonly number[]> {
    const names: string[] = [];
    for (let after = ''; ;) {
      const query = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url', prefix: this.#prefix });
      if (after !== '') query.set('start-after', after);
      const xml = await textOf(await this.#ask(`${this.#bucket}?${query.toString()}`), this.name);
      const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => decoded(key));
      names.push(...keys.map((key) => key.slice(this.#prefix.length)));
      after = keys.at(-1) ?? '';
      if (after === '' || !xml.includes('<IsTruncated>true</IsTruncated>')) return sizesIn(names);
    }
  }

  async read(size: number): Promise<string> {
    return textOf(await this.#ask(this.#object(size)), this.name);
  }

  /** @throws Error when it has another checkpoint of this size */
  async #has(size: number, note: string): Promise<boolean> {
    const answer = await this.#ask(this.#object(size));
    if (answer.status === 404) {
      await answer.body?.cancel();
      return false;
    }
    if ((await textOf(answer, this.name)) === note) return true;
    throw new Error(`${this.name} has another checkpoint of ${countOf(size, 'event')}`);
  }

  #object(size: number): string {
    return `${this.#bucket}/${this.#path}${checkpointName(size)}`;
  }

  #ask(url: string, init: RequestInit = {}): Promise<Response> {
    return reached(this.name, this.#client.fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }));
  }
}

/** As `encoding-type=url` encodes a key. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', '%20'));

async function textOf(answer: Response, place: string): Promise<string> {
  const text = await answer.text();
  if (answer.ok) return text;
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '';
  throw new Error(`${place} answered ${answer.status} ${code}`.trim());
}
