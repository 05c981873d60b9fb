// `POST /v1/audio/transcriptions` and `/v1/audio/translations`: https://platform.openai.com/docs/api-reference/audio/createTranscription
import type { Call } from '../api.js';
import { badRequest } from '../errors.js';
import type { Body } from '../plan.js';
import { countTokens } from '../tokenizer.js';
import { inputUsage } from '../usage.js';
import { choiceOf, missing, modelOf } from './fields.js';
import { type AnswerContext, type Plain, jsonBody, meteredUsage } from '../plain.js';

const TOKENS_PER_SECOND = 10;
/** For audio without a stated rate: 8 kbit/s, like the sandbox's own speech. */
const BYTES_PER_SECOND = 1000;
const FORMATS = ['json', 'text', 'verbose_json', 'diarized_json'] as const;

interface Recording {
  readonly model: string;
  readonly name: string;
  readonly seconds: number;
  readonly prompt: string;
}

/** @throws WireError (400), through the promise, that names the parameter at fault. */
export async function transcriptions(task: 'transcribe' | 'translate', call: Call): Promise<Plain> {
  const form = await formOf(call);
  const fields = Object.fromEntries(
    [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const file = form.get('file');
  if (!(file instanceof File)) throw missing('file');
  if (fields.stream === 'true') throw badRequest('The sandbox does not stream transcriptions. Leave it out.', 'stream');
  const format = choiceOf(fields, 'response_format', FORMATS);
  const audio = Buffer.from(await file.arrayBuffer());
  const { prompt: text = '' } = fields;
  const model = modelOf(fields);
  return {
    model,
    text,
    param: 'prompt',
    answer: (prompt, context) => {
      const recording = { model, name: file.name, seconds: secondsOf(audio), prompt };
      return transcript(recording, { task, format }, context);
    },
  };
}

async function formOf({ headers, body }: Call): Promise<FormData> {
  try {
    const type = headers['content-type'] ?? '';
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch {
    throw badRequest('Could not parse multipart form', null);
  }
}

/** By its header for a WAV file, otherwise by its size. */
function secondsOf(audio: Buffer): number {
  const isWav = audio.length >= 44 && audio.toString('latin1', 0, 4) === 'RIFF';
  return isWav ? (audio.length - 44) / Math.max(1, audio.readUInt32LE(28)) : audio.length / BYTES_PER_SECOND;
}

interface Shape {
  readonly task: 'transcribe' | 'translate';
  readonly format: (typeof FORMATS)[number];
}

/** Whisper's fields of a segment besides its time and text. */
const SEGMENT = {
  id: 0,
  seek: 0,
  tokens: [],
  temperature: 0,
  avg_logprob: -0.1,
  compression_ratio: 1,
  no_speech_prob: 0,
};

function transcript(recording: Recording, { task, format }: Shape, context: AnswerContext): Body {
  const { name, seconds } = recording;
  const duration = Math.round(seconds * 100) / 100;
  const text = `Sandbox ${task === 'translate' ? 'translation' : 'transcript'} of “${name}”. No model listened.`;
  const usage = usageOf(recording, text, context);
  const span = { start: 0, end: duration, text };
  switch (format) {
    case 'text':
      return { contentType: 'text/plain; charset=utf-8', bytes: `${text}\n`, usage: null };
    case 'verbose_json':
      return jsonBody({ task, language: 'english', duration, text, segments: [{ ...SEGMENT, ...span }] }, usage);
    case 'diarized_json': {
      const segment = { type: 'transcript.text.segment', id: 'seg_0', speaker: 'A', ...span };
      return jsonBody({ task, duration, text, segments: [segment] }, usage);
    }
    case 'json':
      return jsonBody({ text }, usage);
  }
}

/** Whisper and the newest models are sold by the second, those in between by the token. */
const BY_SECOND = /^(?:whisper|gpt-transcribe)/;

/** Mistral tells seconds and tokens, and counts audio in pieces of half a minute beside the prompt (https://github.com/pydantic/genai-prices/pull/591). */
const MISTRALS = /^voxtral/;
const PIECE_SECONDS = 30;
const PIECE_TOKENS = 375;
const MISTRALS_PROMPT = 3;

function mistralsUsage(seconds: number, output: number, context: AnswerContext): object | null {
  const usage = meteredUsage(MISTRALS_PROMPT, output, context);
  if (usage === null) return null;
  const audio_tokens = Math.ceil(seconds / PIECE_SECONDS) * PIECE_TOKENS;
  return {
    prompt_audio_seconds: Math.ceil(seconds),
    prompt_tokens: usage.prompt_tokens,
    completion_tokens: usage.completion_tokens,
    total_tokens: usage.total_tokens + audio_tokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens },
  };
}

function usageOf({ model, seconds, prompt }: Recording, text: string, context: AnswerContext): object | null {
  if (BY_SECOND.test(model)) {
    const usage = inputUsage(Math.ceil(seconds), context.knobs, context.bytes);
    return usage && { type: 'duration', seconds: usage.prompt_tokens };
  }
  if (MISTRALS.test(model)) return mistralsUsage(seconds, countTokens(text), context);
  const audio = Math.ceil(seconds * TOKENS_PER_SECOND);
  const usage = meteredUsage(audio + countTokens(prompt), countTokens(text), context);
  if (!usage) return null;
  return {
    type: 'tokens',
    input_tokens: usage.prompt_tokens,
    input_token_details: { audio_tokens: audio, text_tokens: usage.prompt_tokens - audio },
    output_tokens: usage.completion_tokens,
    total_tokens: usage.total_tokens,
  };
}
