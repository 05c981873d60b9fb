// What each provider puts on the wire for the same answer: short pieces of text, and the counts where it tells them.

export interface Counts {
  readonly prompt: number;
  readonly cached: number;
  readonly completion: number;
}

/** A stream: its begin, as many pieces as there are chunks, its end. */
interface StreamShape {
  begin(counts: Counts): string;
  piece(counts: Counts): string;
  end(counts: Counts): string;
}

export const HEAD = '{"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini",';
const CHUNK_HEAD = HEAD.replace('chat.completion', 'chat.completion.chunk');
const CHUNK = `data: ${CHUNK_HEAD}"choices":[{"index":0,"delta":{"content":" octopus"},"finish_reason":null}]}\n\n`;

export const openAiUsage = ({ prompt, cached, completion }: Counts): string =>
  `"usage":{"prompt_tokens":${prompt},"completion_tokens":${completion},"total_tokens":${prompt + completion},"prompt_tokens_details":{"cached_tokens":${cached},"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}`;

const openAi: StreamShape = {
  begin: () => '',
  piece: () => CHUNK,
  end: (counts) => `data: ${CHUNK_HEAD}"choices":[],${openAiUsage(counts)}}\n\ndata: [DONE]\n\n`,
};

const event = (type: string, data: string): string => `event: ${type}\ndata: {"type":"${type}",${data}}\n\n`;
const DELTA = event('content_block_delta', '"index":0,"delta":{"type":"text_delta","text":" octopus"}');

/** https://platform.claude.com/docs/en/build-with-claude/streaming */
const anthropic: StreamShape = {
  begin: ({ prompt, cached }) =>
    event(
      'message_start',
      `"message":{"id":"msg_bench","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":${prompt - cached},"cache_creation_input_tokens":0,"cache_read_input_tokens":${cached},"output_tokens":1}}`,
    ) + event('content_block_start', '"index":0,"content_block":{"type":"text","text":""}'),
  piece: () => DELTA,
  end: ({ completion }) =>
    event('content_block_stop', '"index":0') +
    event(
      'message_delta',
      `"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":${completion}}`,
    ) +
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
};

/** https://ai.google.dev/api/generate-content: every event has the usage so far. */
const gemini: StreamShape = {
  begin: () => '',
  piece: (counts) => geminiEvent('"content":{"parts":[{"text":" octopus"}],"role":"model"}', counts),
  end: (counts) => geminiEvent('"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP"', counts),
};

const geminiEvent = (candidate: string, { prompt, cached, completion }: Counts): string =>
  `data: {"candidates":[{${candidate},"index":0}],"usageMetadata":{"promptTokenCount":${prompt},"cachedContentTokenCount":${cached},"candidatesTokenCount":${completion},"totalTokenCount":${prompt + completion}},"modelVersion":"gemini-2.5-flash-lite","responseId":"bench"}\n\n`;

export const SHAPES = { openai: openAi, anthropic, gemini };
