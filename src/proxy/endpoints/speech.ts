import { isJsonObject } from '../../kernel/index.js';
import { UsageFault, usageOf } from '../../pricing/index.js';
import { invalidRequest } from '../api-error.js';
import type { Endpoint } from '../call.js';
import { isString, modelOf, optional, parseBody } from '../request-body.js';
import { jsonBody, PlainCall } from './json-call.js';

/** As OpenAI has it. */
const MAX_CHARACTERS = 4_096;

/** `POST /v1/audio/speech`: sold by the character, counted as Unicode code points of `input`. The answer is a file. */
export const SPEECH: Endpoint = {
  read: (raw) => {
    const body = parseBody(raw, '"model", "input" and "voice"');
    const input = optional(body, 'input', isString, 'a text');
    const characters = Array.from(input ?? '').length;
    if (characters === 0 || characters > MAX_CHARACTERS)
      throw invalidRequest(`"input" must be a text of 1 to ${MAX_CHARACTERS} characters.`, 'input');
    if ((body['stream_format'] ?? 'audio') !== 'audio')
      throw invalidRequest('"stream_format" can only be "audio" here.', 'stream_format');
    return new PlainCall({
      kind: 'speech',
      path: '/audio/speech',
      accept: '*/*',
      model: modelOf(body, 'tts-1'),
      body: jsonBody(body),
      demand: () => ({ input: { promptTokens: 0, units: { characters } }, maxTokens: 0, choices: 1 }),
      read: (bytes) =>
        bytes.length === 0
          ? { bytes, usage: undefined, failure: 'the answer is empty' }
          : { bytes, usage: { characters } },
      readUsage: (usage) =>
        isJsonObject(usage)
          ? usageOf({ promptTokens: 0, completionTokens: 0, characters })
          : new UsageFault('Nothing was spoken.'),
    });
  },
};
