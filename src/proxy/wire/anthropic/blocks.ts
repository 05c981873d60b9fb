// Walks the content blocks of a request and the blocks within them: tool results in messages, documents in results,
// parts in documents. The result of a server tool is one block whose own content is a single block, where others have a
// list.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { isJsonObject } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { objectIn } from '../json.js';

/** A block and its path, such as `messages[2].content[0]`. */
export interface Placed {
  readonly block: JsonObject;
  readonly at: string;
}

const MAX_DEPTH = 8;

/** @throws Untranslatable when they are nested deeper than any real content. */
function* blocksWithin(content: JsonValue | undefined, at: string, depth = 0): Generator<Placed> {
  if (depth > MAX_DEPTH) throw new Untranslatable(`"${at}" is nested too deep.`, at);
  for (const { block, at: place } of placedIn(content, at)) {
    yield { block, at: place };
    yield* blocksWithin(block['content'], `${place}.content`, depth + 1);
    yield* blocksWithin(block['tool_references'], `${place}.tool_references`, depth + 1);
    yield* blocksWithin(objectIn(block, 'source')?.['content'], `${place}.source.content`, depth + 1);
  }
}

function placedIn(content: JsonValue | undefined, at: string): readonly Placed[] {
  if (isJsonObject(content)) return [{ block: content, at }];
  const blocks = Array.isArray(content) ? (content as readonly JsonValue[]) : [];
  return blocks.flatMap((block, index) => (isJsonObject(block) ? [{ block, at: `${at}[${index}]` }] : []));
}

/** All blocks of a request's messages. @throws Untranslatable */
export function* blocksOfMessages(messages: JsonValue | undefined): Generator<Placed> {
  if (!Array.isArray(messages)) return;
  for (const [index, message] of (messages as readonly JsonValue[]).entries()) {
    if (isJsonObject(message)) yield* blocksWithin(message['content'], `messages[${index}].content`);
  }
}
