// Results right behind their calls. This API pairs the two by `call_id`, wherever they stand: a program's hook may speak in between, and the
// result of a call that was interrupted may come late. A chat takes nothing in between (https://github.com/deepseek-ai/DeepSeek-V3/issues/1588,
// https://github.com/tingly-dev/tingly-box/issues/1752).
import { isJsonObject, type JsonValue } from '../../../kernel/index.js';
import { textIn } from '../json.js';
import { isCall, isResult, typeOf } from './tool-items.js';

/** An item, and its index in the input. */
export type Placed = readonly [item: JsonValue, index: number];

/** The items with each result behind the turn that called; one without a call before it stays. */
export function resultsBehindCalls(items: readonly JsonValue[]): readonly Placed[] {
  const ends = endsOfTurns(items);
  const calls = new Map<string, number>();
  const behind = new Map<number, Placed[]>();
  const others: Placed[] = [];
  for (const [index, item] of items.entries()) {
    const [type, id] = isJsonObject(item) ? [typeOf(item), textIn(item, 'call_id') ?? ''] : ['', ''];
    if (isCall(type)) calls.set(id, index);
    const end = isResult(type) ? ends[calls.get(id) ?? -1] : undefined;
    const results = end === undefined ? others : (behind.get(end) ?? []);
    results.push([item, index]);
    if (end !== undefined) behind.set(end, results);
  }
  return others.flatMap((placed) => [placed, ...(behind.get(placed[1]) ?? [])]);
}

/** For each item, the index of the last one of its turn. */
function endsOfTurns(items: readonly JsonValue[]): readonly number[] {
  const ends = items.map((_, index) => index);
  for (let index = items.length - 2; index >= 0; index--) {
    if (!endsTurn(items[index + 1] ?? null)) ends[index] = ends[index + 1] ?? index;
  }
  return ends;
}

/** Whether the assistant's turn is over when this item comes. */
function endsTurn(item: JsonValue): boolean {
  if (!isJsonObject(item)) return true;
  const type = typeOf(item);
  return isResult(type) || type === 'agent_message' || (type === 'message' && item['role'] !== 'assistant');
}
