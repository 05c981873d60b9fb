// Parts of a chat message as Anthropic's content blocks.
// https://platform.claude.com/docs/en/build-with-claude/vision and /pdf-support
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { mediaTypeOf } from '../../chat.js';
import { Untranslatable } from '../../wire.js';
import { objectIn, textIn } from '../../json.js';

export type Blocks = readonly JsonObject[];

/** A text block; none for white space alone, which Anthropic refuses. */
export const textBlock = (text: string): Blocks => (text.trim() === '' ? [] : [{ type: 'text', text }]);

const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*?;base64,/;

/** The blocks of a message's content, with the message's own `cache_control` on the last. `at` is its path, such as `messages[2]`. */
export function blocksOf(message: JsonObject, at: string): Blocks {
  const blocks = contentBlocks(message['content'], `${at}.content`);
  const last = blocks.at(-1);
  const own = cacheControl(message);
  return last === undefined || own['cache_control'] === undefined
    ? blocks
    : [...blocks.slice(0, -1), { ...last, ...own }];
}

function contentBlocks(content: JsonValue | undefined, at: string): Blocks {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return textBlock(content);
  if (!Array.isArray(content)) throw new Untranslatable(`"${at}" must be a text or a list of parts.`, at);
  return content.flatMap((part: JsonValue, index) => {
    if (!isJsonObject(part)) throw new Untranslatable(`"${at}[${index}]" must be an object with a "type".`, at);
    return partBlocks(part, `${at}[${index}]`).map((block) => ({ ...block, ...cacheControl(part) }));
  });
}

function partBlocks(part: JsonObject, at: string): Blocks {
  switch (textIn(part, 'type') ?? '') {
    case 'text':
      return textBlock(textIn(part, 'text') ?? '');
    case 'refusal':
      return textBlock(textIn(part, 'refusal') ?? '');
    // Mistral's, from a conversation that changed its model.
    case 'thinking':
      return [];
    case 'image_url':
      return [image(part['image_url'], at)];
    case 'file':
      return [document(objectIn(part, 'file') ?? {}, at)];
    default:
      throw new Untranslatable(
        `This model takes text, images and PDF files: it can’t read ${at} of type ${JSON.stringify(part['type'] ?? null)}.`,
        at,
      );
  }
}

function image(value: JsonValue | undefined, at: string): JsonObject {
  const url = isJsonObject(value) ? value['url'] : value;
  if (typeof url !== 'string') throw new Untranslatable(`"${at}.image_url.url" must be a URL.`, at);
  if (/^https?:/i.test(url)) return { type: 'image', source: { type: 'url', url } };
  const { type, data } = fromDataUrl(url, at);
  if (!IMAGES.includes(type))
    throw new Untranslatable(`This model reads JPEG, PNG, GIF and WebP images: ${at} is ${JSON.stringify(type)}.`, at);
  return { type: 'image', source: { type: 'base64', media_type: type, data } };
}

/** A file's data is a data URL, or bare base64, which counts as a PDF. */
function document(file: JsonObject, at: string): JsonObject {
  const fileData = textIn(file, 'file_data');
  if (fileData === undefined)
    throw new Untranslatable(
      `Send the file itself in "${at}.file.file_data": files uploaded elsewhere can’t be read.`,
      at,
    );
  const { type, data } = fileData.startsWith('data:')
    ? fromDataUrl(fileData, at)
    : { type: 'application/pdf', data: fileData };
  const title = textIn(file, 'filename');
  return { type: 'document', source: documentSource(type, data, at), ...(title !== undefined && { title }) };
}

function documentSource(type: string, data: string, at: string): JsonObject {
  if (type === 'application/pdf') return { type: 'base64', media_type: type, data };
  // Text of any kind, such as CSV, is plain text here.
  if (type.startsWith('text/'))
    return { type: 'text', media_type: 'text/plain', data: Buffer.from(data, 'base64').toString('utf8') };
  throw new Untranslatable(`This model reads PDF and text files: ${at} is ${JSON.stringify(type)}.`, at);
}

function fromDataUrl(url: string, at: string): { readonly type: string; readonly data: string } {
  const head = DATA_URL.exec(url.slice(0, 200));
  if (head === null) throw new Untranslatable(`"${at}" must be an https URL or a data URL in base64.`, at);
  return { type: mediaTypeOf(head[1] ?? ''), data: url.slice(head[0].length) };
}

/** The marker for the end of a cached prompt is Anthropic's own and passes unchanged. */
export const cacheControl = (marked: JsonObject): JsonObject =>
  isJsonObject(marked['cache_control']) ? { cache_control: marked['cache_control'] } : {};

/** Blocks as a message's content: a plain text when there is nothing else. */
export function contentOf(blocks: Blocks): JsonValue {
  const [first] = blocks;
  const plain = blocks.length === 1 && first?.['type'] === 'text' && first['cache_control'] === undefined;
  return (plain ? first['text'] : undefined) ?? blocks;
}
