// A server that speaks as much of S3's API as checkpoints need, and refuses what S3 refuses: wrong signatures, old requests, bodies that
// are not the signed ones, and, as a bucket with Object Lock, bodies without a checksum.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { authorizationOf, signatureOf } from './sigv4.js';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const REGION = 'eu-central-1';
const PAGE = 3;
const MAX_SKEW_MS = 15 * 60_000;

interface Answer {
  readonly status: number;
  readonly body: string;
}

const refusal = (status: number, code: string): Answer => ({ status, body: `<Error><Code>${code}</Code></Error>` });

export class S3Server {
  readonly objects = new Map<string, string>();
  /** Not every server that speaks this API knows conditional writes. */
  knowsConditions = true;

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    private readonly bucket: string,
  ) {
    server.on('request', (request: IncomingMessage, response) => {
      void (async () => {
        const body = await text(request);
        const answer = this.#faultOf(request, body) ?? this.#answer(request, body);
        response.writeHead(answer.status, { 'content-type': 'application/xml' }).end(answer.body);
      })();
    });
  }

  static async start(bucket: string): Promise<S3Server> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new S3Server(server, bucket);
  }

  /** The address for a place with a prefix. */
  url(prefix = '', { secret = SECRET, region = REGION, bucket = this.bucket } = {}): URL {
    const { port } = this.server.address() as AddressInfo;
    return new URL(
      `http://${KEY_ID}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${bucket}/${prefix}?region=${region}`,
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Why S3 would not do what a request asks. */
  #faultOf(request: IncomingMessage, body: string): Answer | undefined {
    const { method = '', url: target = '' } = request;
    const headers = request.headers as Record<string, string | undefined>;
    const signed = { method, target, headers };
    const given = authorizationOf(signed);
    if (given === undefined) return refusal(403, 'AccessDenied');
    if (given.keyId !== KEY_ID) return refusal(403, 'InvalidAccessKeyId');
    if (given.region !== REGION) return refusal(400, 'AuthorizationHeaderMalformed');
    if (given.signature !== signatureOf(signed, SECRET)) return refusal(403, 'SignatureDoesNotMatch');
    // The host, and every x-amz header that is there, must be signed.
    const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
    if (needed.some((name) => !given.signed.includes(name))) return refusal(403, 'AccessDenied');
    const [, date, time] = /^(\d{8})T(\d{6})Z$/.exec(headers['x-amz-date'] ?? '') ?? [];
    const at = Date.parse(
      `${date?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
    );
    if (!(Math.abs(Date.now() - at) < MAX_SKEW_MS)) return refusal(403, 'RequestTimeTooSkewed');
    const sha256 = headers['x-amz-content-sha256'];
    if (sha256 !== 'UNSIGNED-PAYLOAD' && sha256 !== createHash('sha256').update(body).digest('hex'))
      return refusal(400, 'XAmzContentSHA256Mismatch');
    return undefined;
  }

  #answer(request: IncomingMessage, body: string): Answer {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
    const [, bucket, ...path] = pathname.split('/').map(decodeURIComponent);
    if (bucket !== this.bucket) return refusal(404, 'NoSuchBucket');
    const key = path.join('/');
    if (request.method === 'PUT') {
      const { 'if-none-match': absent, 'content-md5': md5 } = request.headers;
      if (absent !== undefined && !this.knowsConditions) return refusal(501, 'NotImplemented');
      if (absent === '*' && this.objects.has(key)) return refusal(412, 'PreconditionFailed');
      return this.#put(key, body, md5);
    }
    if (key === '') return this.#list(searchParams);
    const found = this.objects.get(key);
    return found === undefined ? refusal(404, 'NoSuchKey') : { status: 200, body: found };
  }

  #put(key: string, body: string, md5: string | string[] | undefined): Answer {
    if (md5 === undefined) return refusal(400, 'InvalidRequest');
    if (md5 !== createHash('md5').update(body).digest('base64')) return refusal(400, 'BadDigest');
    this.objects.set(key, body);
    return { status: 200, body: '' };
  }

  #list(query: URLSearchParams): Answer {
    if (query.get('list-type') !== '2') return refusal(400, 'InvalidArgument');
    const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? ''];
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
    const page = keys.slice(0, PAGE);
    const shown = page.map((key) =>
      query.get('encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%20', '+') : escaped(key),
    );
    const rows = shown.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    const truncated = `<IsTruncated>${keys.length > page.length}</IsTruncated>`;
    return { status: 200, body: `<ListBucketResult>${truncated}${rows}</ListBucketResult>` };
  }
}

const escaped = (key: string): string => key.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
