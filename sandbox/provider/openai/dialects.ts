// Answers to chats as makers and gateways were seen to send them that say they speak OpenAI's format. The table in ../knobs.ts says what each
// does; the sources are what was recorded of them or reported.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/kernel/index.js';
import type { Frame } from '../format.js';
import type { Maker } from '../knobs.js';

type Chat = Readonly<Record<string, JsonValue | undefined>>;

/** Changes a body, or a chunk of a stream. Several chunks may stand for one. */
interface Dialect {
  readonly whole?: (body: Chat) => Chat;
  readonly chunk?: (chunk: Chat) => readonly Chat[];
}

const DIALECTS: Readonly<Record<Maker, Dialect>> = {
  // olimorris/codecompanion.nvim, GitHub Copilot with a Claude model
  copilot: {
    whole: (body) => ({ ...body, choices: choicesOf(body).flatMap((choice) => apart(choice, 'message')) }),
    chunk: (chunk) =>
      choicesOf(chunk).length === 0
        ? [chunk]
        : choicesOf(chunk)
            .flatMap((choice) => apart(choice, 'delta'))
            .map((choice) => ({ ...chunk, choices: [choice] })),
  },
  // https://github.com/vercel/ai/issues/1651
  groq: {
    chunk: ({ usage, ...chunk }) => [usage ? { ...chunk, choices: [], x_groq: { id: 'req_sandbox', usage } } : chunk],
  },
  // https://github.com/RooCodeInc/Roo-Code/issues/9105, https://github.com/cline/cline/issues/8527
  minimax: { chunk: (chunk) => [choicesOf(chunk).length === 0 ? { ...chunk, choices: null } : chunk] },
  // https://github.com/Portkey-AI/gateway/pull/1211
  bedrock: { whole: inBedrocksWords, chunk: (chunk) => [inBedrocksWords(chunk)] },
  // https://github.com/huggingface/text-generation-inference/issues/2136
  tgi: { whole: (body) => ({ ...body, choices: choicesOf(body).map(withObjects) }) },
  // https://github.com/vercel/ai/pull/16507
  vmlx: { chunk: namedLater },
  // social-growth-studio/req_llm, OpenRouter whose provider broke off
  openrouter: {
    whole: (body) => ({ ...body, choices: choicesOf(body).map(broken) }),
    chunk: (chunk) => [
      { ...chunk, choices: choicesOf(chunk).map((choice) => (choice.finish_reason ? broken(choice) : choice)) },
    ],
  },
  // https://github.com/maruel/genai, OpenAI's gpt-audio
  'gpt-audio': { chunk: spoken },
};

/** A whole answer as a maker sends it. */
export function wholeAs(maker: Maker | undefined, frame: Frame): Frame {
  const change = maker && DIALECTS[maker].whole;
  return change === undefined ? frame : framed(change(JSON.parse(frame.text)), frame, (json) => json);
}

/** The same for the frames of a stream. */
export function framesAs(maker: Maker | undefined, frames: readonly Frame[]): readonly Frame[] {
  const change = maker && DIALECTS[maker].chunk;
  if (change === undefined) return frames;
  return frames.flatMap((frame) => {
    const data = frame.text.slice('data: '.length);
    if (data.startsWith('[')) return [frame];
    return change(JSON.parse(data)).map((chunk) => framed(chunk, frame, (json) => `data: ${json}\n\n`));
  });
}

/** The usage is logged as it is reported. */
function framed(said: Chat, { usage }: Frame, write: (json: string) => string): Frame {
  const inGroqs = isJsonObject(said.x_groq) ? said.x_groq.usage : undefined;
  const told = said.usage ?? inGroqs;
  return { text: write(JSON.stringify(said)), usage: usage !== null && isJsonObject(told) ? told : usage };
}

const choicesOf = ({ choices }: Chat): readonly JsonObject[] =>
  Array.isArray(choices) ? choices.filter(isJsonObject) : [];

/** The text of a choice, and its calls as another choice. */
function apart(choice: JsonObject, at: 'message' | 'delta'): readonly JsonObject[] {
  const said = choice[at];
  if (!isJsonObject(said) || said.tool_calls === undefined) return [choice];
  const { tool_calls, ...others } = said;
  const calling = { ...choice, index: 1, [at]: { tool_calls } };
  return said.role === undefined ? [calling] : [{ ...choice, [at]: { ...others, content: 'I call.' } }, calling];
}

function inBedrocksWords({ usage, ...said }: Chat): Chat {
  if (!isJsonObject(usage)) return { ...said, usage };
  const { prompt_tokens: prompt, completion_tokens: outputTokens, total_tokens: totalTokens } = usage;
  const details = isJsonObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const cacheReadInputTokens = Number(details.cached_tokens ?? 0);
  const inputTokens = Number(prompt) - cacheReadInputTokens;
  return { ...said, usage: { inputTokens, outputTokens, totalTokens, cacheReadInputTokens, cacheWriteInputTokens: 0 } };
}

/** The calls of a choice, with objects for their arguments. */
function withObjects(choice: JsonObject): JsonObject {
  const { message } = choice;
  if (!isJsonObject(message) || !Array.isArray(message.tool_calls)) return choice;
  const tool_calls = message.tool_calls.filter(isJsonObject).map((call) => {
    const called = isJsonObject(call.function) ? call.function : {};
    return { ...call, function: { ...called, arguments: JSON.parse(String(called.arguments)) } };
  });
  return { ...choice, message: { ...message, tool_calls } };
}

/** Silence of 50 ms: samples of 16 bits at 24 kHz. */
const SOUND = Buffer.alloc(2_400).toString('base64');

function spoken(chunk: Chat): readonly Chat[] {
  const [choice = {}] = choicesOf(chunk);
  const { content, ...delta } = isJsonObject(choice.delta) ? choice.delta : {};
  const telling = (audio: JsonObject): Chat => ({
    ...chunk,
    usage: null,
    choices: [{ index: 0, ...choice, delta: { ...delta, audio } }],
  });
  if (chunk.usage) return [chunk, telling({ expires_at: 1_790_000_000 })];
  if (content) return [telling({ transcript: content }), telling({ data: SOUND })];
  return [{ ...chunk, choices: [{ ...choice, finish_reason: null }] }];
}

/** A call that begins without its name, which a second chunk tells. */
function namedLater(chunk: Chat): readonly Chat[] {
  const [choice] = choicesOf(chunk);
  const delta = isJsonObject(choice?.delta) ? choice.delta : {};
  const [call]: readonly unknown[] = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
  if (choice === undefined || !isJsonObject(call) || !isJsonObject(call.function) || call.id === undefined)
    return [chunk];
  const { name, ...others } = call.function;
  const telling = (one: JsonObject, more: JsonObject = {}): Chat => ({
    ...chunk,
    choices: [{ ...choice, delta: { ...more, tool_calls: [one] } }],
  });
  const { tool_calls: _all, ...role } = delta;
  return [
    telling({ ...call, function: { ...others, name: '' } }, role),
    telling({ index: call.index, function: { name } }),
  ];
}

const broken = (choice: JsonObject): JsonObject => ({
  ...choice,
  finish_reason: null,
  error: { code: 502, message: 'Provider returned error' },
});
