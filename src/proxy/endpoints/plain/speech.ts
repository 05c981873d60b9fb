import { isJsonObject, type JsonObject } from '../../../kernel/index.js';
import { invalidRequest } from '../../../platform/http/index.js';
import { type Model, normaliseInputOutput, UsageFault, usageOf } from '../../../pricing/index.js';
import type { Endpoint } from '../../call/endpoint.js';
import { UpstreamReport } from '../../providers/upstream.js';
import type { Answer } from '../../relay/answer.js';
import { frameData, frames, jsonObject } from '../../relay/sse.js';
import { readError } from '../../wire/index.js';
import { isString, modelOf, optional, parseBody, sizeOf } from '../body/request-body.js';
import { jsonBody, PlainCall } from './plain-call.js';

/** OpenAI's own limit. */
const MAX_CHARACTERS = 4_096;
const OVERHEAD_TOKENS = 500;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

/**
 * `POST /v1/audio/speech`: sold by the character, counted as Unicode code points of `input`, or by the token. The answer is a file. A
 * file has no usage, so a model sold by the token is asked for events, whose last one has it, and the file is assembled here.
 */
export const SPEECH: Endpoint = {
  read: (raw) => {
    const body = parseBody(raw, '"model", "input" and "voice"');
    const input = optional(body, 'input', isString, 'a text');
    const characters = Array.from(input ?? '').length;
    if (characters === 0 || characters > MAX_CHARACTERS)
      throw invalidRequest(`"input" must be a text of 1 to ${MAX_CHARACTERS} characters.`, 'input');
    if ((body['stream_format'] ?? 'audio') !== 'audio')
      throw invalidRequest('"stream_format" can only be "audio" here.', 'stream_format');
    const format = optional(body, 'response_format', isString, 'a text') ?? 'mp3';
    const contentType = CONTENT_TYPES[format];
    if (contentType === undefined)
      throw invalidRequest(
        `"response_format" must be one of ${Object.keys(CONTENT_TYPES).join(', ')}.`,
        'response_format',
      );
    const promptTokens = sizeOf(raw, body) + OVERHEAD_TOKENS;
    const [forFile, forEvents] = [jsonBody(body), jsonBody({ ...body, stream_format: 'sse' })];
    return new PlainCall({
      kind: 'speech',
      path: '/audio/speech',
      accept: '*/*',
      model: modelOf(body, 'tts-1'),
      body: (upstreamModel, model) => (isByCharacter(model) ? forFile : forEvents)(upstreamModel),
      demand: (model) => ({
        input: isByCharacter(model) ? { promptTokens: 0, units: { characters } } : { promptTokens },
        maxTokens: model.maxOutputTokens,
        choices: 1,
      }),
      read: (bytes, model) => (isByCharacter(model) ? spoken(bytes, { characters }) : readEvents(bytes, contentType)),
      readUsage: (usage, model) => {
        if (!isJsonObject(usage)) return new UsageFault('The usage block is not an object.');
        return isByCharacter(model)
          ? usageOf({ promptTokens: 0, completionTokens: 0, characters })
          : normaliseInputOutput(usage, 'input_token_details');
      },
    });
  },
};

const isByCharacter = ({ soldBy }: Model): boolean => soldBy === 'perCharacter';

const spoken = (bytes: Buffer, usage: JsonObject | undefined): Answer =>
  bytes.length === 0 ? { bytes, usage: undefined, failure: 'the answer is empty' } : { bytes, usage };

/** https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event */
function readEvents(bytes: Buffer, contentType: string): Answer {
  const audio: Buffer[] = [];
  for (const frame of frames(bytes)) {
    const event = jsonObject(frameData(frame) ?? '') ?? {};
    if (event['type'] === 'speech.audio.delta') audio.push(Buffer.from(String(event['audio']), 'base64'));
    const error = readError(event);
    if (error !== undefined) return failed(new UpstreamReport(error));
    if (event['type'] === 'speech.audio.done') return { ...spoken(Buffer.concat(audio), usageIn(event)), contentType };
  }
  return failed('the speech ended early');
}

const usageIn = ({ usage }: JsonObject): JsonObject | undefined => (isJsonObject(usage) ? usage : undefined);

const failed = (failure: unknown): Answer => ({ bytes: Buffer.alloc(0), usage: undefined, failure });
