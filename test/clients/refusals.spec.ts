// What OpenAI's and Anthropic's clients for Python make of a provider's refusal, with the retries they come with.
// Modes: embedded. What providers say has nothing to do with stores.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { channel, startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { refusing, type ScriptedUpstream, startUpstream, type UpstreamCall } from '../support/gateway/upstream.js';
import { hasPackage, PYTHON } from '../support/python.js';

const type = 'invalid_request_error';
const ANSWERS: Readonly<Record<string, ReturnType<typeof refusing>>> = {
  policy: refusing(400, { message: 'Your request was rejected.', type, code: 'content_policy_violation' }),
  context: refusing(400, {
    message: 'This model’s maximum context length is 9 tokens.',
    type,
    code: 'context_length_exceeded',
  }),
  429: refusing(429, { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' }),
  529: refusing(529, { message: 'Overloaded', type: 'overloaded_error' }),
};

let gateway: TestGateway;
let provider: ScriptedUpstream;
const counter = createServer((_request, response) => {
  response.end(String(provider.calls.splice(0).length));
});
beforeAll(async () => {
  provider = await startUpstream((call) => answerTo(call)(call));
  gateway = await startGateway({ channels: () => [channel('provider', provider.url, { makers: ['deepseek'] })] });
  await new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  counter.close();
  await gateway.close();
  await provider.close();
});

const answerTo = ({ body }: UpstreamCall) => {
  const last = JSON.stringify(body['messages']);
  return (
    Object.entries(ANSWERS).find(([prompt]) => last.includes(`"${prompt}"`))?.[1] ?? refusing(500, 'no such prompt')
  );
};

it.skipIf(!hasPackage('openai') || !hasPackage('anthropic'))('pass refusals.py', async () => {
  const { key } = await gateway.desk.account();
  const env = {
    PATH: process.env['PATH'] ?? '',
    BASE_URL: `${gateway.url}/v1`,
    API_KEY: key,
    COUNT_URL: `http://127.0.0.1:${(counter.address() as AddressInfo).port}`,
  };
  const script = fileURLToPath(new URL('python/refusals.py', import.meta.url));
  const { stdout } = await promisify(execFile)(PYTHON, ['-W', 'error', script], { env });
  expect(stdout).toContain('passed');
});
