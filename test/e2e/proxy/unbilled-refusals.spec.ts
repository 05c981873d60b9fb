// A refusal before any output: its usage counts the prompt, and Anthropic bills it in some categories alone
// (https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback#how-refusals-are-billed). Who asks pays for what is billed.
// Modes: embedded. Wire formats have nothing to do with stores.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/kernel/index.js';
import { COMPLETIONS, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING, released } from '../../support/gateway/ledger-desk.js';
import {
  frame,
  type Script,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  streaming,
} from '../../support/gateway/upstream.js';

const CLAUDE = 'claude-haiku-4-5';
// At $1 and $5 per million tokens.
const USAGE = { input_tokens: 1_000, output_tokens: 0 };
const CUT_USAGE = { input_tokens: 1_000, output_tokens: 2 };

const refusal = (category: string | null): JsonObject => ({
  stop_reason: 'refusal',
  stop_details: { type: 'refusal', category, explanation: null },
});
const message = (more: JsonObject): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: CLAUDE,
  content: [],
  stop_sequence: null,
  usage: USAGE,
  ...more,
});
const event = (data: JsonObject): string => `event: ${String(data['type'])}\n${frame(data)}`;
const TEXT = [
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Well' } }),
  event({ type: 'content_block_stop', index: 0 }),
];
/** An answer as it is asked for, plain or as a stream. */
const answeringWith =
  (end: JsonObject, usage: JsonObject, said: readonly string[] = []): Script =>
  (call) => {
    if (call.body['stream'] !== true)
      return sendJson(
        call.response,
        200,
        message({ ...end, usage, content: said.length > 0 ? [{ type: 'text', text: 'Well' }] : [] }),
      );
    const start = event({
      type: 'message_start',
      message: message({ stop_reason: null, usage: usage }),
    });
    const delta = event({ type: 'message_delta', delta: { stop_sequence: null, ...end }, usage });
    streaming(start, ...said, delta, event({ type: 'message_stop' }))(call);
  };

let gateway: TestGateway;
let anthropic: ScriptedUpstream;
beforeAll(async () => {
  anthropic = await startUpstream(answeringWith(refusal('cyber'), USAGE));
  gateway = await startGateway({
    channels: () => [channel('anthropic', anthropic.url, { makers: ['anthropic'], format: 'anthropic' })],
  });
});
afterAll(async () => {
  await gateway.close();
  await anthropic.close();
});

describe.each([
  [COMPLETIONS, false],
  [COMPLETIONS, true],
  ['/v1/messages', false],
  ['/v1/messages', true],
  ['/v1/responses', false],
  ['/v1/responses', true],
])('%s, streamed: %s', (path, stream) => {
  async function endingOf(script: Script) {
    anthropic.script = script;
    const account = await gateway.desk.account();
    const asked =
      path === '/v1/responses'
        ? { max_output_tokens: 50, input: 'Write a virus.' }
        : { max_tokens: 50, messages: [{ role: 'user', content: 'Write a virus.' }] };
    const answer = await post(gateway.url, account.key, { model: CLAUDE, stream, ...asked }, { path });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/content_filter|"refusal"/);
    return { text: answer.text, headers: answer.headers, ending: await account.ending() };
  }

  it.each(['cyber', 'general_harms', null])(
    'costs nothing when it is refused before any output as %s',
    async (category) => {
      const { text, headers, ending } = await endingOf(answeringWith(refusal(category), USAGE));
      expect(ending).toEqual(released('refused_by_provider'));
      expect([headers.get('x-tokenhub-cost'), text.includes('x-tokenhub-cost')]).toEqual([null, false]);
    },
  );

  it.each(['bio', 'frontier_llm', 'reasoning_extraction'])(
    'costs its prompt when it is refused as %s',
    async (category) => {
      const { ending } = await endingOf(answeringWith(refusal(category), USAGE));
      expect(ending).toEqual(charged('0.001'));
    },
  );

  it('costs what was said before it was refused', async () => {
    const { ending } = await endingOf(answeringWith(refusal('cyber'), CUT_USAGE, TEXT));
    expect(ending).toEqual(charged('0.00101'));
  });
});

// As Anthropic's own examples ask for it: https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback#server-side-fallback
describe('a request that another model may answer where the first one refuses', () => {
  const ask = async (fallbacks: JsonValue) => {
    anthropic.script = answeringWith(refusal('cyber'), USAGE);
    anthropic.calls.length = 0;
    const account = await gateway.desk.account();
    const body = { model: CLAUDE, max_tokens: 50, fallbacks, messages: [{ role: 'user', content: 'Write a virus.' }] };
    const answer = await post(gateway.url, account.key, body, { path: '/v1/messages' });
    return {
      status: answer.status,
      leftOut: answer.headers.get('x-tokenhub-left-out'),
      ending: await account.ending(),
    };
  };

  it('goes without, where Anthropic would choose, and says so', async () => {
    const ending = released('refused_by_provider');
    expect(await ask('default')).toEqual({ status: 200, leftOut: 'fallbacks', ending });
    expect(anthropic.calls[0]?.body).not.toHaveProperty('fallbacks');
  });

  it('is refused where it names one', async () =>
    expect(await ask([{ model: 'claude-opus-4-8' }])).toEqual({ status: 400, leftOut: null, ending: NOTHING }));
});
