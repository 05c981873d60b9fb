// Anthropic's content blocks as parts of chat messages. `cache_control` is dropped: OpenAI refuses it, and other
// providers cache without it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import type { Placed } from '../blocks.js';
import { objectIn, textIn } from '../../json.js';
import { toolName } from '../../openai.js';

/** The blocks of a message's content. @throws Untranslatable when it is neither a text nor a list of blocks. */
export function placed(content: JsonValue | undefined, at: string): readonly Placed[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ block: { type: 'text', text: content }, at }];
  if (!Array.isArray(content)) throw new Untranslatable(`"${at}" must be a text or a list of blocks.`, at);
  return (content as readonly JsonValue[]).map((block, index) => {
    if (!isJsonObject(block)) throw new Untranslatable(`"${at}[${index}]" must be an object with a "type".`, at);
    return { block, at: `${at}[${index}]` };
  });
}

/** @throws Untranslatable for content the model can't read. */
export function partsOf({ block, at }: Placed): readonly JsonObject[] {
  switch (textIn(block, 'type') ?? '') {
    case 'text':
      return textPart(textIn(block, 'text') ?? '');
    case 'image':
      return [{ type: 'image_url', image_url: { url: imageUrl(objectIn(block, 'source') ?? {}, at) } }];
    case 'document':
      return documentParts(block, at);
    case 'search_result':
      return textPart(
        [textIn(block, 'title'), textIn(block, 'source'), textsOf(block['content'], at)].filter(Boolean).join('\n'),
      );
    // The result of a tool search: other models see all tools from the start.
    case 'tool_reference':
      return textPart(`Found the tool "${toolName(textIn(block, 'tool_name') ?? '')}".`);
    default:
      throw new Untranslatable(`This model can’t read ${at} of type ${JSON.stringify(block['type'] ?? null)}.`, at);
  }
}

const textPart = (text: string): readonly JsonObject[] => (text === '' ? [] : [{ type: 'text', text }]);

function imageUrl(source: JsonObject, at: string): string {
  const url = textIn(source, 'url');
  if (source['type'] === 'url' && url !== undefined) return url;
  const data = textIn(source, 'data');
  if (source['type'] === 'base64' && data !== undefined)
    return `data:${textIn(source, 'media_type') ?? ''};base64,${data}`;
  throw new Untranslatable(`"${at}.source" must be of type "base64" or "url".`, at);
}

function documentParts(block: JsonObject, at: string): readonly JsonObject[] {
  const source = objectIn(block, 'source') ?? {};
  const [title, data] = [textIn(block, 'title'), textIn(source, 'data') ?? ''];
  switch (textIn(source, 'type') ?? '') {
    case 'base64': {
      const fileData = `data:${textIn(source, 'media_type') ?? 'application/pdf'};base64,${data}`;
      return [{ type: 'file', file: { filename: title ?? 'document.pdf', file_data: fileData } }];
    }
    case 'text':
      return textPart(title === undefined ? data : `${title}\n\n${data}`);
    case 'content':
      return placed(source['content'], `${at}.source.content`).flatMap(partsOf);
    default:
      throw new Untranslatable(`Send the document itself in "${at}.source": this model does not fetch documents.`, at);
  }
}

/** The texts of a content, each a paragraph. */
export const textsOf = (content: JsonValue | undefined, at: string): string =>
  placed(content, at)
    .map(({ block }) => (block['type'] === 'text' ? (textIn(block, 'text') ?? '') : ''))
    .filter((text) => text !== '')
    .join('\n\n');
