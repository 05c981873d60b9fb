// Newer models take a thought back only where nothing before it has changed: https://platform.claude.com/docs/en/build-with-claude/preserved-thinking
import { hash } from 'node:crypto';
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import { badRequest } from '../errors.js';
import { sign } from '../signature.js';
import { versionOf } from './refusals.js';

const SINCE: Readonly<Record<string, number>> = { fable: 501, mythos: 501, opus: 505, sonnet: 505, haiku: 505 };

/** What the thoughts after so many messages of a request are bound to; undefined for a model that binds none. */
export type Binding = (messages: number) => string | undefined;

export function bindingOf({ system: content = [], tools = [], messages }: JsonObject, model: string): Binding {
  const { family, number } = versionOf(model);
  if (number < (SINCE[family] ?? Infinity) || !Array.isArray(messages)) return () => undefined;
  return (before) => hash('sha256', JSON.stringify([{ content }, tools, ...messages.slice(0, before)].map(plain)));
}

export const signatureOf = (thinking: string, boundTo: string | undefined): string =>
  boundTo === undefined ? sign(thinking) : `${sign(thinking)}.${boundTo}`;

/** Checks a thought that comes back. One of a model that binds none fits anywhere. @throws WireError (400) */
export function checkThinking({ thinking, signature }: JsonObject, at: string, boundTo: string | undefined): void {
  const [mark, madeFor = boundTo] = String(signature).split('.');
  const wrong = `${at}: Invalid \`signature\` in \`thinking\` block`;
  if (typeof thinking !== 'string' || mark !== sign(thinking)) throw badRequest(wrong, null);
  if (boundTo === undefined || madeFor === boundTo) return;
  throw badRequest(
    `${wrong}. The block is bound to a different conversation. Remove the block, or set \`thinking.block_binding.prefix_mismatch_behavior\` to "drop_block".`,
    null,
  );
}

/** Whether thoughts that don't fit are to be dropped, instead of refused. */
export const dropsUnfit = ({ thinking }: JsonObject): boolean =>
  isJsonObject(thinking) &&
  isJsonObject(thinking.block_binding) &&
  thinking.block_binding.prefix_mismatch_behavior === 'drop_block';

/** A text is the same as a block of it, and marks of caches change nothing. */
function plain(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value ?? null;
  const { cache_control: _, ...rest } = value;
  const fields = Object.entries(rest).map(([key, one]) => {
    const isText = key === 'content' && typeof one === 'string';
    return [key, isText ? [{ type: 'text', text: one }] : plain(one)];
  });
  return Object.fromEntries(fields) as JsonObject;
}
