import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { invalidRequest } from '../../../platform/http/index.js';
import { normaliseInputOutput, normaliseUsage, type Usage, UsageFault, usageOf } from '../../../pricing/index.js';
import type { Endpoint } from '../../call/endpoint.js';
import { type Answer, readJsonAnswer } from '../../relay/answer.js';
import { secondsAtMost, usageOfAnswer } from '../../wire/index.js';
import { modelOf } from '../body/request-body.js';
import { PlainCall } from './plain-call.js';

/** No speech codec in use goes below 6 kbit/s. */
const BYTES_PER_SECOND = 750;
/** No provider counts more audio tokens a second: Mistral 12.5, in pieces of 30 seconds, which the overhead covers, and OpenAI 10. */
const AUDIO_TOKENS_PER_SECOND = 13;
const OVERHEAD_TOKENS = 500;
/** Formats whose answers carry the usage. `text` is requested as json and returned as text. */
const FORMATS = ['json', 'verbose_json', 'diarized_json', 'text'];

/** `POST /v1/audio/transcriptions` and `/v1/audio/translations`: billed by the second or the token, as the provider counts. */
export const transcriptions = (path: '/audio/transcriptions' | '/audio/translations'): Endpoint => ({
  read: async (raw, headers) => {
    const form = await readForm(raw, headers['content-type']);
    const file = form.get('file');
    if (!(file instanceof File)) throw invalidRequest('"file" must be an audio file.', 'file');
    const format = fieldOf(form, 'response_format') ?? 'json';
    if (!FORMATS.includes(format))
      throw invalidRequest(
        `"response_format" must be one of ${FORMATS.join(', ')}: others carry no usage.`,
        'response_format',
      );
    if (fieldOf(form, 'stream') === 'true')
      throw invalidRequest('Transcriptions are not streamed here. Leave "stream" out.', 'stream');
    const seconds = await secondsOf(file);
    const prompt = Buffer.byteLength(fieldOf(form, 'prompt') ?? '');
    return new PlainCall({
      kind: 'transcription',
      path,
      model: modelOf({ model: fieldOf(form, 'model') }, 'gpt-4o-mini-transcribe'),
      body: (upstreamModel) =>
        formBytes(form, { model: upstreamModel, response_format: format === 'text' ? 'json' : format }),
      demand: (model) => ({
        input: {
          promptTokens: seconds * AUDIO_TOKENS_PER_SECOND + prompt + OVERHEAD_TOKENS,
          without: ['inputImage'],
          units: { seconds },
        },
        maxTokens: model.maxOutputTokens,
        choices: 1,
      }),
      read: (bytes) => readAnswer(bytes, format),
      readUsage: (usage, { soldBy }) => readUsage(usage, soldBy === 'perSecond'),
    });
  },
});

function readAnswer(bytes: Buffer, format: string): Answer {
  let text: Buffer | undefined;
  const answer = readJsonAnswer(bytes, (body) => {
    if (format === 'text') text = Buffer.from(`${String(body['text'] ?? '')}\n`);
    return { usage: usageOfAnswer(body) ?? lengthOf(body) };
  });
  return text === undefined ? answer : { ...answer, bytes: text, contentType: 'text/plain; charset=utf-8' };
}

/**
 * "The duration of the input audio", which a `verbose_json` always has, and beside which the usage is optional
 * (https://platform.openai.com/docs/api-reference/audio/verbose-json-object). Groq's Whisper tells nothing else.
 */
const lengthOf = ({ duration }: JsonObject): JsonObject | undefined =>
  typeof duration === 'number' ? { seconds: duration } : undefined;

async function readForm(raw: Buffer | undefined, contentType: string | undefined): Promise<FormData> {
  if (contentType?.toLowerCase().startsWith('multipart/form-data') !== true)
    throw invalidRequest('Send the audio as multipart/form-data with "file" and "model".');
  try {
    return await new Response(raw === undefined ? null : new Uint8Array(raw), {
      headers: { 'content-type': contentType },
    }).formData();
  } catch {
    throw invalidRequest('The multipart/form-data body can’t be read: check its boundary and its end.');
  }
}

function fieldOf(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** With the model before the file: some servers look for it in the first 64 KiB (maximhq/bifrost#2642). */
async function formBytes(form: FormData, changed: Readonly<Record<string, string>>) {
  const copy = new FormData();
  for (const [name, value] of Object.entries(changed)) copy.append(name, value);
  for (const [name, value] of form) if (!Object.hasOwn(changed, name)) copy.append(name, value);
  const encoded = new Response(copy);
  return { contentType: encoded.headers.get('content-type') ?? '', body: await encoded.bytes() };
}

/** At most: by the file's format, if that bounds the length. */
async function secondsOf(file: File): Promise<number> {
  const seconds = secondsAtMost(Buffer.from(await file.arrayBuffer()));
  return Math.ceil(seconds === Infinity ? file.size / BYTES_PER_SECOND : seconds);
}

/**
 * `{"type":"duration","seconds"}`, or `{"type":"tokens"}` with counts: read the other way, the usage would cost 0. Mistral tells both
 * (https://docs.mistral.ai/api/endpoint/audio/transcriptions): the model's price says which is billed.
 */
function readUsage(raw: JsonValue, bySecond: boolean): Usage | UsageFault {
  if (!isJsonObject(raw)) return new UsageFault('The usage block is not an object.');
  const seconds = raw['seconds'] ?? raw['prompt_audio_seconds'];
  if (bySecond && typeof seconds === 'number')
    return usageOf({ promptTokens: 0, completionTokens: 0, seconds: Math.ceil(seconds) });
  if (bySecond || raw['seconds'] !== undefined)
    return new UsageFault(
      `The model is billed by the ${bySecond ? 'second' : 'token'}, and the provider counted otherwise.`,
    );
  return 'prompt_tokens' in raw ? normaliseUsage(raw) : normaliseInputOutput(raw, 'input_token_details');
}
