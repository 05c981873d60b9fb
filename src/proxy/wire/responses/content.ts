// Contents of the Responses API as parts of chat messages. Cache markers are dropped: chats have none.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { defined, textIn } from '../json.js';
import { refuseField, Untranslatable } from '../wire.js';
import { shown } from './unsupported.js';

/** A content as parts. @throws Untranslatable for parts that a chat can't show. */
export function partsOf(content: JsonValue | undefined, at: string): readonly JsonObject[] {
  return listOf(content, at).map((part, index) => partOf(part, `${at}[${index}]`));
}

/** A content that can only be text. @throws Untranslatable */
export function textOf(content: JsonValue | undefined, at: string): string {
  return listOf(content, at)
    .map((part, index) => wordsOf(part) ?? refuseField(`${at}[${index}]`, `only text can, not ${shown(part['type'])}`))
    .join('');
}

function listOf(content: JsonValue | undefined, at: string): readonly JsonObject[] {
  if (typeof content === 'string') return [{ type: 'input_text', text: content }];
  if (Array.isArray(content) && content.every(isJsonObject)) return content;
  throw new Untranslatable(`"${at}" must be a text or a list of parts.`, at);
}

/** The text of a text part, or of a refusal that is sent back. */
function wordsOf(part: JsonObject): string | undefined {
  const type = part['type'];
  if (type === 'input_text' || type === 'output_text' || type === 'text') return textIn(part, 'text');
  return type === 'refusal' ? textIn(part, 'refusal') : undefined;
}

function partOf(part: JsonObject, at: string): JsonObject {
  const words = wordsOf(part);
  if (words !== undefined) return { type: 'text', text: words };
  if ((part['file_id'] ?? undefined) !== undefined)
    refuseField(`${at}.file_id`, 'uploaded files belong to the account behind this gateway: send the file itself');
  switch (textIn(part, 'type') ?? '') {
    case 'input_image':
      return imagePart(part, at);
    case 'input_file':
      return filePart(part, at);
    default:
      refuseField(at, `a chat can’t show a part of type ${shown(part['type'])}`);
  }
}

const DETAILS: ReadonlySet<JsonValue | undefined> = new Set(['low', 'high']);

/** `auto` is the default, and chats have no `original`. */
function imagePart(part: JsonObject, at: string): JsonObject {
  const url = textIn(part, 'image_url');
  if (url === undefined) throw new Untranslatable(`"${at}.image_url" must be a URL or a data URL.`, `${at}.image_url`);
  const detail = DETAILS.has(part['detail']) ? part['detail'] : undefined;
  return { type: 'image_url', image_url: defined({ url, detail }) };
}

function filePart(part: JsonObject, at: string): JsonObject {
  const data = textIn(part, 'file_data');
  if (data === undefined) refuseField(at, 'files are not fetched: send the file itself in "file_data"');
  return { type: 'file', file: defined({ filename: textIn(part, 'filename'), file_data: data }) };
}
