// A provider that takes a call at once, and then thinks for long before its first event, as OpenAI's chats do (mezmo/aura#62).
// Modes: embedded. What providers do has nothing to do with stores.
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chat, COMPLETIONS } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, released } from '../../support/gateway/ledger-desk.js';
import { readStream, withoutCost } from '../../support/gateway/streams.js';
import {
  answering,
  contentFrame,
  DONE,
  frame,
  type ScriptedUpstream,
  startUpstream,
  usageFrame,
} from '../../support/gateway/upstream.js';

const KEEP_ALIVE = ': keep-alive\n\n';

let gateway: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startUpstream(answering());
  gateway = await startGateway({
    channels: () => [channel('thinking', upstream.url), channel('other', upstream.url, { order: 1 })],
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** Calls; returns what the client got first, how the provider goes on, and what came of it. */
async function callOf(prompt: string) {
  const account = await gateway.desk.account();
  const thinking = new Promise<ServerResponse>((resolve) => {
    upstream.script = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      resolve(response);
    };
  });
  const answer = fetch(gateway.url + COMPLETIONS, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(chat(prompt, { stream: true })),
  });
  return { account, answer, provider: await thinking };
}

it('keeps its client’s connection alive, and is charged as any other, or told as an error', async () => {
  const answered = await callOf('Think.');
  const failed = await callOf('Fail.');
  const [{ body: thoughts, headers }, { body: failure, status }] = await Promise.all([answered.answer, failed.answer]);
  expect(headers.get('x-tokenhub-provider')).toBe('thinking');
  answered.provider.write(contentFrame('42.') + usageFrame());
  answered.provider.end(DONE);
  const told = withoutCost(await new Response(thoughts).text()).text;
  expect(told.startsWith(KEEP_ALIVE)).toBe(true);
  expect(readStream(told)).toMatchObject({ content: '42.', done: true });
  expect(await answered.account.ending()).toEqual(charged('0.0000045'));

  failed.provider.end(frame({ error: { message: 'Overloaded', type: 'server_error' } }));
  expect(status).toBe(200);
  const said = await new Response(failure).text();
  expect(said.startsWith(KEEP_ALIVE)).toBe(true);
  expect(readStream(said)).toMatchObject({ done: false, error: { type: 'upstream_error' } });
  expect(await failed.account.ending()).toEqual(released('upstream_error'));
});
