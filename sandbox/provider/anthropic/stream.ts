// The reply as a stream of events. https://platform.claude.com/docs/en/build-with-claude/streaming
import { type Answer, type Frame, grouped } from '../format.js';
import { choiceOf, ending, envelope, toolUse } from './message.js';
import { usageAtEnd, usageAtStart, usageBlock } from './usage.js';
import { signatureOf } from './preserved-thinking.js';

/** The whole answer as events: the message opens; each block opens, sends deltas and closes; the message ends. */
export function messageEvents(answer: Answer): readonly Frame[] {
  const choice = choiceOf(answer);
  const usage = usageBlock(answer);
  const opened = usage && usageAtStart(usage);
  const start = { ...envelope(answer), content: [], stop_reason: null, stop_sequence: null, stop_details: null };
  const begun = event('message_start', { message: { ...start, ...(opened && { usage: opened }) } }, opened);
  return [
    begun,
    ...(answer.knobs.fault?.includes('start_twice') ? [begun] : []),
    event('ping', {}),
    ...blocksOf(answer).flatMap(({ block, deltas }, index) => [
      event('content_block_start', { index, content_block: block }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', { delta: ending(choice), ...(usage && { usage: usageAtEnd(usage) }) }, usage),
    event('message_stop', {}),
  ];
}

interface Block {
  readonly block: object;
  readonly deltas: readonly object[];
}

function blocksOf(answer: Answer): readonly Block[] {
  const { thoughts } = answer.reply;
  const { tool, pieces } = choiceOf(answer);
  const { chunks } = answer.knobs;
  const blocks: Block[] = [];
  if (thoughts) {
    const deltas = grouped(thoughts, chunks).map((thinking) => ({ type: 'thinking_delta', thinking }));
    const signature = {
      type: 'signature_delta',
      signature: signatureOf(thoughts.join(''), answer.request.thinking?.boundTo),
    };
    blocks.push({ block: { type: 'thinking', thinking: '', signature: '' }, deltas: [...deltas, signature] });
  }
  if (tool !== undefined) {
    // Anthropic also begins with an empty delta.
    const texts = ['', ...grouped(pieces, chunks)];
    const deltas = texts.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    blocks.push({ block: toolUse(answer, tool), deltas });
  } else if (pieces.length > 0) {
    const deltas = grouped(pieces, chunks).map((text) => ({ type: 'text_delta', text }));
    blocks.push({ block: { type: 'text', text: '' }, deltas });
  }
  return blocks;
}

const event = (type: string, data: object, usage: object | null = null): Frame => ({
  text: `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`,
  usage,
});
