import { describe, expect, it } from 'vitest';
import { chat, hello, refusalOf } from '../../../../test/support/proxy/wire/gemini.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { gemini } from './index.js';

const ofUser = (content: JsonValue): JsonObject => ({ messages: [{ role: 'user', content }] });

describe('an image, a sound or a document', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'as a data URL is sent along',
      { type: 'image_url', image_url: { url: 'data:image/PNG;charset=x;base64,iVBO', detail: 'high' } },
      { inlineData: { mimeType: 'image/png', data: 'iVBO' } },
    ],
    [
      'of a type that Google does not know by that name is a JPEG',
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,/9j/' } },
      { inlineData: { mimeType: 'image/jpeg', data: '/9j/' } },
    ],
    [
      'at a public address is named',
      { type: 'image_url', image_url: { url: 'https://example.com/a/cat.JPG?size=1' } },
      { fileData: { mimeType: 'image/jpeg', fileUri: 'https://example.com/a/cat.JPG?size=1' } },
    ],
    [
      'that is a sound is sent along',
      { type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } },
      { inlineData: { mimeType: 'audio/wav', data: 'UklG' } },
    ],
    [
      'that is a PDF is sent along',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
      { inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
    ],
  ])('%s', (_case, part, expected) => {
    expect(gemini.request(chat(ofUser([{ type: 'text', text: 'See:' }, part])))['contents']).toEqual([
      { role: 'user', parts: [{ text: 'See:' }, expected] },
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['an address of a page', { type: 'image_url', image_url: { url: 'https://example.com/cat' } }, 'image_url'],
    ['an address that is not public', { type: 'image_url', image_url: { url: 'http://10.0.0.1/a.png' } }, 'image_url'],
    [
      'a file of the gateway’s own project',
      { type: 'image_url', image_url: { url: 'https://generativelanguage.googleapis.com/v1beta/files/a.png' } },
      'image_url',
    ],
    [
      'a document as an image, which its hold would not cover',
      { type: 'image_url', image_url: { url: 'data:application/pdf;base64,JVBE' } },
      'image_url',
    ],
    ['a data URL that is not base64', { type: 'image_url', image_url: { url: 'data:image/png,abc' } }, 'image_url'],
    [
      'a sound in another format',
      { type: 'input_audio', input_audio: { data: 'x', format: 'flac' } },
      'input_audio.format',
    ],
    ['a file by its id', { type: 'file', file: { file_id: 'file-1' } }, 'file'],
    ['a video', { type: 'file', file: { file_data: 'data:video/mp4;base64,AAAA' } }, 'file'],
    ['anything else', { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }, 'type'],
  ])('is refused when it is %s', (_case, part, field) => {
    expect(refusalOf(ofUser([part])).param).toBe(`messages[0].content[0].${field}`);
  });
});

describe('the calls and results of a conversation', () => {
  const call = (id: string, name: string, more: JsonObject = {}): JsonObject => ({
    id,
    type: 'function',
    function: { name, arguments: '{"city":"Paris"}' },
    ...more,
  });
  const signed = (id: string, name: string, signature: string): JsonObject =>
    call(id, name, { extra_content: { google: { thought_signature: signature } } });
  const result = (id: string, content: JsonValue): JsonObject => ({ role: 'tool', tool_call_id: id, content });
  const contents = (model: string, ...messages: JsonObject[]) =>
    gemini.request(chat({ model, messages: [hello, ...messages] }))['contents'];

  it('go back to Gemini 3 with ids and signatures, the results together and in the order of the calls', () => {
    const calls = { role: 'assistant', content: '', tool_calls: [signed('a', 'warm', 'sigA'), call('b', 'wet')] };
    expect(contents('gemini-3.5-flash', calls, result('b', [{ type: 'text', text: 'no' }]), result('a', '12'))).toEqual(
      [
        { role: 'user', parts: [{ text: 'Hello' }] },
        {
          role: 'model',
          parts: [
            { functionCall: { id: 'a', name: 'warm', args: { city: 'Paris' } }, thoughtSignature: 'sigA' },
            { functionCall: { id: 'b', name: 'wet', args: { city: 'Paris' } } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'a', name: 'warm', response: { output: '12' } } },
            { functionResponse: { id: 'b', name: 'wet', response: { output: 'no' } } },
          ],
        },
      ],
    );
  });

  it('go back to Gemini 2.5 without ids, which it refuses', () => {
    expect(
      contents('gemini-2.5-flash', { role: 'assistant', tool_calls: [call('a', 'warm')] }, result('a', '12')),
    ).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }] },
      { role: 'model', parts: [{ functionCall: { name: 'warm', args: { city: 'Paris' } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'warm', response: { output: '12' } } }] },
    ]);
  });

  it('that Gemini 3 did not sign carry what Google documents for that, the first of each message', () => {
    const calls = { role: 'assistant', tool_calls: [call('a', 'f'), call('b', 'g')] };
    expect(contents('gemini-flash-latest', calls)).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }] },
      {
        role: 'model',
        parts: [
          {
            functionCall: { id: 'a', name: 'f', args: { city: 'Paris' } },
            thoughtSignature: 'skip_thought_signature_validator',
          },
          { functionCall: { id: 'b', name: 'g', args: { city: 'Paris' } } },
        ],
      },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['beside the call', call('a', 'f', { provider_specific_fields: { thought_signature: 'sig' } })],
    [
      'in the call',
      call('a', 'f', { function: { name: 'f', provider_specific_fields: { thought_signature: 'sig' } } }),
    ],
    ['in its id', call('a__thought__sig', 'f')],
  ])('are also taken with a signature as LiteLLM has it, %s', (_case, signedCall) => {
    const messages = [{ role: 'assistant', tool_calls: [signedCall] }, result(String(signedCall['id']), '1')];
    expect(contents('gemini-3.5-flash', ...messages)).toMatchObject([
      {},
      { parts: [{ functionCall: { id: 'a' }, thoughtSignature: 'sig' }] },
      { parts: [{ functionResponse: { id: 'a', name: 'f' } }] },
    ]);
  });

  it('keep the signature of a text, and none twice', () => {
    const text = { role: 'assistant', content: 'Hi', extra_content: { google: { thought_signature: 'sigT' } } };
    expect(contents('gemini-3.5-flash', text)).toMatchObject([
      {},
      { parts: [{ text: 'Hi', thoughtSignature: 'sigT' }] },
    ]);
    const twice = {
      role: 'assistant',
      content: 'Hi',
      tool_calls: [signed('a', 'f', 'sigA')],
      provider_specific_fields: { thought_signatures: ['sigA'] },
    };
    expect(contents('gemini-3.5-flash', twice)).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }] },
      {
        role: 'model',
        parts: [
          { text: 'Hi' },
          { functionCall: { id: 'a', name: 'f', args: { city: 'Paris' } }, thoughtSignature: 'sigA' },
        ],
      },
    ]);
  });

  // An empty list, as R and PHP write an empty object: recorded in tidyverse/ellmer, tests/testthat/_vcr/chat-tools-dangling.yml.
  it.each(['', ' ', '{}', '[]', '[ ]', 'null'])('take %j as no arguments', (args) => {
    const messages = [
      hello,
      { role: 'assistant', tool_calls: [call('a', 'f', { function: { name: 'f', arguments: args } })] },
      result('a', '1'),
    ];
    expect(gemini.request(chat({ messages }))['contents']).toMatchObject([
      {},
      { parts: [{ functionCall: { name: 'f', args: {} } }] },
      {},
    ]);
  });

  // A model that once wrote them otherwise would be refused the conversation from then on: recorded in tmc/langchaingo, agents/testdata.
  it('take arguments that are no object as Claude does', () => {
    const broken = call('a', 'f', { function: { name: 'f', arguments: 'Go 1.0 release date' } });
    expect(contents('gemini-2.5-flash', { role: 'assistant', tool_calls: [broken] })).toMatchObject([
      {},
      { parts: [{ functionCall: { name: 'f', args: { INVALID_JSON: 'Go 1.0 release date' } } }] },
    ]);
  });

  // As clients of models that take them send results: recorded in crmne/ruby_llm, chat_string_tool_results_ollama_qwen3.
  it('have the images of their results behind them', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } };
    const sent = { inlineData: { mimeType: 'image/png', data: 'iVBO' } };
    const said = contents(
      'gemini-2.5-flash',
      { role: 'assistant', tool_calls: [call('a', 'f'), call('b', 'g')] },
      result('a', [{ type: 'text', text: 'A cat:' }, image]),
      result('b', [image]),
    );
    expect((said as JsonObject[]).slice(2)).toEqual([
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'f', response: { output: 'A cat:' } } },
          { functionResponse: { name: 'g', response: { output: '(The result is in the message that follows.)' } } },
        ],
      },
      { role: 'user', parts: [sent, sent] },
    ]);
  });

  it.each<[string, JsonObject[], string]>([
    ['a result of no call', [result('x', '1')], 'messages[1].tool_call_id'],
    [
      'a call that is not of a function',
      [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'custom', custom: {} }] }],
      'messages[1].tool_calls[0]',
    ],
    ['the older form of calls', [{ role: 'assistant', function_call: { name: 'f' } }], 'messages[1].function_call'],
    [
      'a video as a result',
      [{ role: 'assistant', tool_calls: [call('a', 'f')] }, result('a', [{ type: 'video_url', video_url: 'x' }])],
      'messages[2].content[0].type',
    ],
  ])('are refused for %s', (_case, messages, param) => {
    expect(refusalOf({ messages: [hello, ...messages] }).param).toBe(param);
  });
});

describe('an instruction within a conversation', () => {
  const instruction = { role: 'developer', content: 'In French now.' };
  const told = { role: 'user', parts: [{ text: '<system>\nIn French now.\n</system>' }] };
  const start = [{ role: 'system', content: 'Be brief.' }, hello];
  const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
  const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: id });
  const contents = (...messages: readonly JsonObject[]) => gemini.request(chat({ messages: [...start, ...messages] }));

  it('stays in its place, and changes nothing of what came before', () => {
    const before = contents({ role: 'assistant', content: 'Hi!' });
    const after = contents({ role: 'assistant', content: 'Hi!' }, instruction, hello);
    expect(after['systemInstruction']).toEqual(before['systemInstruction']);
    const said = before['contents'] as JsonObject[];
    expect(after['contents']).toEqual([...said, told, said[0]]);
  });

  it('waits for the results that it stands among, and stays out of them', () => {
    const calls = { role: 'assistant', tool_calls: [call('a'), call('b')] };
    const among = contents(calls, instruction, result('a'), instruction, result('b'));
    expect((among['contents'] as JsonObject[]).slice(2)).toMatchObject([
      { role: 'user', parts: [{ functionResponse: {} }, { functionResponse: {} }] },
      { role: 'user', parts: [told.parts[0], told.parts[0]] },
    ]);
  });
});

describe('a conversation that no user opens', () => {
  const silence = { role: 'user', parts: [{ text: '' }] };
  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };

  it.each<[string, readonly JsonObject[]]>([
    ['of instructions alone', [{ role: 'system', content: 'Tell a joke.' }]],
    [
      'of an empty text',
      [
        { role: 'system', content: 'Tell a joke.' },
        { role: 'user', content: '' },
      ],
    ],
  ])('%s is told as a silent user', (_case, messages) => {
    expect(gemini.request(chat({ messages }))).toMatchObject({
      contents: [silence],
      systemInstruction: { parts: [{ text: 'Tell a joke.' }] },
    });
  });

  it('begins with a silent user, as Google refuses calls at the start', () => {
    const messages = [
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'it' },
    ];
    expect(gemini.request(chat({ messages }))['contents']).toMatchObject([
      silence,
      { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f' } }] },
    ]);
  });
});
