import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Place } from '../../src/adapters/checkpoints/s3-place.js';
import { S3Server } from '../support/seals/s3-server.js';
import { signatureOf } from '../support/seals/sigv4.js';
import { readablePlaceContract } from './checkpoint-place.contract.js';

const BUCKET = 'audit-bucket';

/** An insecure place among others’ objects: names that must be encoded, in addresses and in XML. */
const PREFIX = 'books%20%26%20records/2026+';

readablePlaceContract('S3', async () => {
  const server = await S3Server.start(BUCKET);
  const folder = 'books & records/2026+/';
  for (const other of ['a.txt', 'books & records/2026+/0000.txt', 'books & records/2026+/z & z.txt', 'z.txt'])
    server.objects.set(other, 'something else');
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await server.close();
    isOpen = false;
  };
  return {
    place: new S3Place(server.url(PREFIX)),
    async kept() {
      const ours = [...server.objects].filter(([key]) => /\/\d{16}\.txt$/.test(key));
      return new Map(ours.map(([key, note]) => [Number(key.slice(folder.length, -'.txt'.length)), note]));
    },
    lose: close,
    close,
  };
});

describe('a bucket', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await S3Server.start(BUCKET);
  });
  afterAll(() => server.close());

  it.each([
    ['another secret', { secret: 'another' }, '403 SignatureDoesNotMatch'],
    ['another region', { region: 'us-east-1' }, '400 AuthorizationHeaderMalformed'],
    ['another bucket', { bucket: 'nobodys' }, '404 NoSuchBucket'],
  ])('with %s refuses, and its code is told', async (_what, change, code) => {
    const place = new S3Place(server.url('', change));
    await expect(place.sizes()).rejects.toThrow(code);
    await expect(place.write(1, 'note')).rejects.toThrow(code);
    expect(server.objects.size).toBe(0);
  });

  it('may be the whole of the place', async () => {
    const place = new S3Place(server.url());
    await place.write(4, 'four');
    expect([...server.objects.keys()]).toEqual(['0000000000000004.txt']);
    expect(await place.sizes()).toEqual([4]);
  });

  it('of a server without conditional writes keeps checkpoints, too', async () => {
    const place = new S3Place(server.url('plain'));
    server.knowsConditions = false;
    await place.write(5, 'five');
    server.knowsConditions = true;
    expect(await place.read(5)).toBe('five');
  });

  it.each(['https://s3.example.com/bucket', 'https://key@s3.example.com/bucket', 'https://key:secret@s3.example.com/'])(
    'is not named by %s',
    (url) => expect(() => new S3Place(new URL(url))).toThrow('an S3 address is s3+https://'),
  );
});

/** Examples of Amazon’s: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. */
describe('the reader of signatures', () => {
  const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const signed = (names: string, signature: string): string =>
    `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`;
  const common = {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': EMPTY,
    'x-amz-date': '20130524T000000Z',
  };
  it.each([
    ['GET', '/test.txt', { range: 'bytes=0-9' }, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
    ['GET', '/?lifecycle', {}, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['GET', '/?max-keys=2&prefix=J', {}, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('agrees with Amazon on %s %s', (method, target, more, signature) => {
    const headers = { ...common, ...more };
    const names = Object.keys(headers).toSorted().join(';');
    const request = { method, target, headers: { ...headers, authorization: signed(names, signature) } };
    expect(signatureOf(request, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(signature);
  });
});
