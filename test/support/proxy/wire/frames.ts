// Frames of streams read back, and put together as a client does.
import type { JsonObject } from '../../../../src/kernel/index.js';

/** The data of frames; every frame must be whole. */
export function dataOf(frames: string): readonly JsonObject[] {
  const cut = frames.split('\n\n');
  if (cut.pop() !== '') throw new Error(`a frame is cut off: ${frames}`);
  return cut.map((frame) => {
    const data = frame.split('\n').filter((line) => line.startsWith('data: '));
    if (data.length !== 1) throw new Error(`a frame has no one line of data: ${frame}`);
    return JSON.parse((data[0] ?? '').slice(6)) as JsonObject;
  });
}

interface Call {
  id: string;
  type: string;
  function: { name: string; arguments: string };
  /** Instead of a function. */
  custom?: { name: string; input: string };
}

/** The completion that chunks come to. */
export function joinChunks(chunks: readonly JsonObject[]): JsonObject {
  const message = { content: '', reasoning: '', refusal: '', details: [] as JsonObject[], calls: [] as Call[] };
  let end: JsonObject = {};
  let usage: JsonObject | undefined;
  for (const chunk of chunks) {
    usage = (chunk['usage'] as JsonObject | null | undefined) ?? usage;
    const [choice] = chunk['choices'] as readonly JsonObject[];
    if (choice === undefined) continue;
    const delta = choice['delta'] as Record<string, unknown>;
    message.content += String(delta['content'] ?? '');
    message.reasoning += String(delta['reasoning_content'] ?? '');
    message.refusal += String(delta['refusal'] ?? '');
    message.details.push(...((delta['reasoning_details'] ?? []) as JsonObject[]));
    for (const { index, ...call } of (delta['tool_calls'] ?? []) as (Call & { index: number })[]) {
      const known = message.calls[index];
      if (known === undefined) message.calls[index] = call;
      else if (known.custom !== undefined) known.custom.input += call.custom?.input ?? '';
      else known.function.arguments += call.function.arguments;
    }
    if (choice['finish_reason'] !== null) end = choice;
  }
  return {
    ...message,
    calls: message.calls as unknown as JsonObject[],
    finish: end['finish_reason'],
    stop: end['stop_reason'],
    usage,
  };
}

/** A whole chat completion in the same terms. */
export function whole(body: JsonObject): JsonObject {
  const [choice] = body['choices'] as readonly JsonObject[];
  const message = choice?.['message'] as JsonObject;
  return {
    content: message['content'] ?? '',
    reasoning: message['reasoning_content'] ?? '',
    refusal: message['refusal'] ?? '',
    details: message['reasoning_details'] ?? [],
    calls: message['tool_calls'] ?? [],
    finish: choice?.['finish_reason'],
    stop: choice?.['stop_reason'],
    usage: body['usage'],
  };
}

/** The message that Anthropic's events come to, as its SDKs put it together. Throws when their order is not as documented. */
export function joinEvents(events: readonly JsonObject[]): JsonObject {
  let message: Record<string, unknown> | undefined;
  const content: Record<string, string>[] = [];
  let open: number | undefined;
  for (const event of events) {
    const at = event['index'] as number;
    switch (String(event['type'])) {
      case 'message_start':
        if (message !== undefined) throw new Error('a second start');
        message = event['message'] as Record<string, unknown>;
        break;
      case 'content_block_start':
        if (open !== undefined || at !== content.length) throw new Error(`block ${at} starts out of order`);
        open = at;
        content.push({ ...(event['content_block'] as Record<string, string>), json: '' });
        break;
      case 'content_block_delta': {
        if (at !== open) throw new Error(`a delta for block ${at}, which is not open`);
        const delta = event['delta'] as Record<string, string>;
        const block = content[at] as Record<string, string>;
        for (const field of ['text', 'thinking', 'signature'])
          block[field] = (block[field] ?? '') + (delta[field] ?? '');
        block['json'] += delta['partial_json'] ?? '';
        break;
      }
      case 'content_block_stop':
        if (at !== open) throw new Error(`block ${at} stops, which is not open`);
        open = undefined;
        break;
      case 'message_delta':
        if (open !== undefined) throw new Error('the message ends within a block');
        Object.assign(message ?? {}, event['delta'], { usage: event['usage'] });
        break;
      case 'message_stop':
        return { ...message, content: content.map(finishedBlock) };
      default:
    }
  }
  throw new Error('the stream does not end');
}

function finishedBlock({ type, id, name, text, thinking, json }: Record<string, string>): JsonObject {
  if (type === 'tool_use') return { type, id, name, input: JSON.parse(json || '{}') as JsonObject };
  return type === 'text' ? { type, text } : { type, thinking };
}
