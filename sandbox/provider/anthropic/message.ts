// The reply as a message. https://platform.claude.com/docs/en/api/messages/create
import { parseExactly } from '../../../src/kernel/index.js';
import type { Answer, Frame } from '../format.js';
import type { Choice } from '../reply.js';
import { signatureOf } from './preserved-thinking.js';
import { usageBlock } from './usage.js';

/** The whole answer as JSON. */
export function message(answer: Answer): Frame {
  const { reply } = answer;
  const choice = choiceOf(answer);
  const text = choice.pieces.join('');
  const content: object[] = [];
  if (reply.thoughts) {
    const thinking = reply.thoughts.join('');
    content.push({ type: 'thinking', thinking, signature: signatureOf(thinking, answer.request.thinking?.boundTo) });
  }
  if (choice.tool !== undefined) content.push({ ...toolUse(answer, choice.tool), input: inputOf(choice) });
  else if (text !== '') content.push({ type: 'text', text });
  const usage = usageBlock(answer);
  return { text: JSON.stringify({ ...envelope(answer), content, ...ending(choice), ...(usage && { usage }) }), usage };
}

/** The fields of a message other than content, end and usage. */
export const envelope = ({ id, request }: Answer): object => ({
  id,
  type: 'message',
  role: 'assistant',
  model: request.model,
});

/** A call without its input. */
export const toolUse = ({ id }: Answer, name: string): object => ({
  type: 'tool_use',
  id: id.replace('msg_', 'toolu_'),
  name,
  input: {},
  caller: { type: 'direct' },
});

/** Why it ended. */
export function ending({ finishReason, stoppedBy }: Choice): object {
  const ended = stoppedBy === undefined ? 'end_turn' : 'stop_sequence';
  const reasons = { stop: ended, length: 'max_tokens', tool_calls: 'tool_use' } as const;
  return { stop_reason: reasons[finishReason], stop_sequence: stoppedBy ?? null, stop_details: null };
}

/** Anthropic gives one answer. */
export function choiceOf({ reply }: Answer): Choice {
  const [choice] = reply.choices;
  if (!choice) throw new Error('a reply has at least one choice');
  return choice;
}

/** A truncated call has no readable input. */
const inputOf = ({ finishReason, pieces }: Choice): unknown =>
  finishReason === 'length' ? {} : parseExactly(pieces.join(''));
