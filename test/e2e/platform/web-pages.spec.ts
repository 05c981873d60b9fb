// Modes: embedded. What an answer is called has nothing to do with stores.
// Never HTML: what a provider sends as a web page is JSON, or a failure.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chat, errorOf, jsonOf, post, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { released } from '../../support/gateway/ledger-desk.js';
import { answering, type ScriptedUpstream, startUpstream, usageBlock } from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let openai: ScriptedUpstream;
beforeAll(async () => {
  openai = await startUpstream(answering());
  gateway = await startGateway({ channels: () => [channel('openai', openai.url)] });
});
afterAll(async () => {
  await gateway.close();
  await openai.close();
});

it('JSON that a provider calls a web page is JSON to the client', async () => {
  const body = { choices: [], usage: usageBlock(1, 1) };
  openai.script = ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(body));
  const account = await gateway.desk.account();
  const answer = await post(gateway.url, account.key, chat('Hi'));
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(jsonOf(answer)).toEqual(body);
});

const TYPES = ['text/html', 'Text/HTML; charset=utf-8'];
it.each(TYPES)(
  'a web page (%s) in the place of speech is a failure of the provider, and costs nothing',
  async (type) => {
    openai.script = ({ response }) =>
      response.writeHead(200, { 'content-type': type }).end('<html>Please log in</html>');
    const account = await gateway.desk.account();
    const answer = await request(`${gateway.url}/v1/audio/speech`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'tts-1', voice: 'alloy', input: 'Hi' }),
    });
    expect(errorOf(answer)).toMatchObject({ status: 502, type: 'upstream_error' });
    expect(await account.ending()).toEqual(released('upstream_error'));
  },
);
