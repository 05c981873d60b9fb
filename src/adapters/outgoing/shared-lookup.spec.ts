import dns, { type LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { until } from '../../../test/support/gateway/until.js';
import { outgoingAgent } from './outgoing-agent.js';

type Answer = (error: Error | null, addresses: LookupAddress[]) => void;

const { lookup } = dns;
afterEach(() => {
  dns.lookup = lookup;
});

it('a name is asked for once at a time, however many connections are opened', async () => {
  const questions: Answer[] = [];
  const server = createServer((_, response) => void response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  dns.lookup = ((_host: string, _options: object, answer: Answer) => questions.push(answer)) as never;
  const agent = outgoingAgent({ HTTPS_PROXY: undefined, NO_PROXY: undefined }, { connectTimeout: 5_000 });
  const request = (host: string) =>
    agent
      .request({ origin: `http://${host}:${port}`, path: '/', method: 'GET' })
      .then(({ statusCode, body }) => body.dump().then(() => statusCode))
      .catch((error: unknown) => (error as Error).message);

  const calls = Array.from({ length: 20 }, () => request('provider.example'));
  const other = request('other.example');
  await until('a question for each name', () => questions.length === 2);
  questions[1]?.(null, [{ address: '127.0.0.1', family: 4 }]);
  expect(await other).toBe(200);
  questions[0]?.(new Error('getaddrinfo EAI_AGAIN provider.example'), []);
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['getaddrinfo EAI_AGAIN provider.example']));

  const again = request('provider.example');
  await until('a new question', () => questions.length === 3);
  questions[2]?.(null, [{ address: '127.0.0.1', family: 4 }]);
  expect(await again).toBe(200);
  await agent.destroy();
  server.close();
});
