import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { messagesRequest } from './request.js';

const HI = { role: 'user', content: 'Hi' };
const tools = [{ type: 'function', function: { name: 'now' } }];
const translate = (chat: JsonObject) =>
  messagesRequest({ model: 'claude-haiku-4-5', max_tokens: 100, messages: [HI], ...chat });

function refusalOf(chat: JsonObject): string {
  try {
    return `no refusal: ${JSON.stringify(translate(chat))}`;
  } catch (error) {
    if (error instanceof Untranslatable) return `${error.param}: ${error.message}`;
    throw error;
  }
}

describe('refused, by the name of the field, is', () => {
  const part = (content: JsonObject) => ({ messages: [{ role: 'user', content: [content] }] });
  it.each<[string, JsonObject, RegExp]>([
    ['more than one answer', { n: 2 }, /^n: .*one request for each/],
    ['log probabilities', { logprobs: true }, /^logprobs: /],
    ['the most probable tokens', { top_logprobs: 3 }, /^top_logprobs: /],
    ['audio output', { modalities: ['text', 'audio'] }, /^modalities: .*in text/],
    ['a voice', { audio: { voice: 'alloy' } }, /^audio: /],
    ['functions of old', { functions: [] }, /^functions: .*send "tools"/],
    ['a web search', { web_search_options: {} }, /^web_search_options: /],
    ['a tool that is no function', { tools: [{ type: 'custom', custom: {} }] }, /^tools\[0\]: /],
    ['an unknown choice of tools', { tools, tool_choice: { type: 'allowed_tools' } }, /^tool_choice: /],
    [
      'a forced tool where none can be',
      { model: 'claude-opus-5-5', tools, tool_choice: 'required' },
      /^tool_choice: .*"auto"/,
    ],
    ['spoken input', part({ type: 'input_audio', input_audio: {} }), /^messages\[0\]\.content\[0\]: .*"input_audio"/],
    [
      'a file that is elsewhere',
      part({ type: 'file', file: { file_id: 'file-1' } }),
      /^messages\[0\]\.content\[0\]: .*file_data/,
    ],
    [
      'an image of another kind',
      part({ type: 'image_url', image_url: { url: 'data:image/tiff;base64,AA==' } }),
      /"image\/tiff"/,
    ],
    ['an image that is no URL', part({ type: 'image_url', image_url: { url: 'ant.png' } }), /https URL or a data URL/],
    ['a stop of white space', { stop: ['\n\n'] }, /^stop: /],
    ['an unknown effort', { reasoning_effort: 'huge' }, /^reasoning_effort: .*minimal/],
    ['an unknown format', { response_format: { type: 'grammar' } }, /^response_format: /],
    [
      // Recorded of Zhipu in social-growth-studio/req_llm.
      'a result of no call',
      { messages: [HI, { role: 'tool', content: '5' }] },
      /^messages\[1\]\.tool_call_id: .*id of the call/,
    ],
    ['a message of nobody', { messages: [{ role: 'critic', content: 'No' }] }, /^messages\[0\]\.role: .*"critic"/],
    [
      'a conversation of nothing',
      { messages: [{ role: 'user', content: '' }] },
      /^messages: .*at least one user message/,
    ],
    [
      'instructions with an image',
      { messages: [{ role: 'system', content: [{ type: 'image_url', image_url: 'https://a.b/c' }] }, HI] },
      /^messages\[0\]: .*text only/,
    ],
    [
      'an answer to go on with',
      { model: 'claude-opus-5-5', messages: [HI, { role: 'assistant', content: 'It is' }] },
      /^messages: .*end with a user message/,
    ],
    ['a request without a cap', { max_tokens: null }, /^max_tokens: /],
  ])('%s', (_, chat, expected) => expect(refusalOf(chat)).toMatch(expected));
});

it('a schema nested without end is refused', () => {
  let schema: JsonObject = { type: 'string' };
  for (let depth = 0; depth < 100; depth++) schema = { type: 'array', items: schema };
  expect(refusalOf({ response_format: { type: 'json_schema', json_schema: { schema } } })).toMatch(
    /nested more than 64/,
  );
});
