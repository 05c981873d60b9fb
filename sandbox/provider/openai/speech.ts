// `POST /v1/audio/speech`: https://platform.openai.com/docs/api-reference/audio/createSpeech. The audio is silence, as
// long as it would take to say the text. Only event streams report usage.
import type { JsonObject } from '../../../src/kernel/index.js';
import { choiceOf, modelOf, textIn } from './fields.js';
import { type AnswerContext, meteredUsage, type Plain } from '../plain.js';
import { countTokens } from '../tokenizer.js';

const CHARACTERS_PER_SECOND = 15;
const LONGEST_SECONDS = 10;
/** Follows from OpenAI's price per minute. */
const TOKENS_PER_SECOND = 21;
const RATE = 24_000;
const TYPES = { mp3: 'audio/mpeg', wav: 'audio/wav', pcm: 'audio/pcm' } as const;
/** 24 ms of MPEG-2 layer III at 8 kbit/s and 24 kHz, mono: the header, then only zeros, which is silence. */
const MP3_FRAME = Buffer.alloc(24);
MP3_FRAME.set([0xff, 0xf3, 0x14, 0xc4]);
const MP3_FRAMES_PER_SECOND = RATE / 576;

/** @throws WireError (400) that names the parameter at fault. */
export function speech(body: JsonObject): Plain {
  const format = choiceOf(body, 'response_format', ['mp3', 'wav', 'pcm']);
  const asFile = choiceOf(body, 'stream_format', ['audio', 'sse']) === 'audio';
  textIn(body, 'voice');
  return {
    model: modelOf(body),
    text: textIn(body, 'input'),
    param: 'input',
    answer: (input, context) => {
      const seconds = Math.min(LONGEST_SECONDS, input.length / CHARACTERS_PER_SECOND);
      const bytes = silence(format, seconds);
      if (asFile) return { contentType: TYPES[format], bytes, usage: null };
      const usage = usageOf(input, seconds, context);
      return { contentType: 'text/event-stream', bytes: asEvents(bytes, usage), usage };
    },
  };
}

function silence(format: keyof typeof TYPES, seconds: number): Buffer {
  if (format === 'mp3')
    return Buffer.concat(Array.from({ length: Math.ceil(seconds * MP3_FRAMES_PER_SECOND) }, () => MP3_FRAME));
  const samples = Buffer.alloc(Math.ceil(seconds * RATE) * 2);
  return format === 'pcm' ? samples : Buffer.concat([wavHeader(samples.length), samples]);
}

/** http://soundfile.sapp.org/doc/WaveFormat: 16 bits, mono. */
function wavHeader(bytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

/** The same as events; the last one reports the usage, as for models that are sold by the token. */
function asEvents(audio: Buffer, usage: object | null): string {
  const delta = { type: 'speech.audio.delta', audio: audio.toString('base64') };
  const done = { type: 'speech.audio.done', ...(usage && { usage }) };
  return [delta, done].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

function usageOf(input: string, seconds: number, context: AnswerContext): object | null {
  const usage = meteredUsage(countTokens(input), Math.ceil(seconds * TOKENS_PER_SECOND), context);
  if (!usage) return null;
  const { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens } = usage;
  return { input_tokens, output_tokens, total_tokens };
}
