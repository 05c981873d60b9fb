// Images, audio and documents as parts of a message. Only those whose cost the hold of a call can bound, and none
// stored at Google: a file uploaded there belongs to the gateway's project, not to a customer.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { mediaTypeOf } from '../chat.js';
import { Untranslatable } from '../wire.js';

/** https://ai.google.dev/gemini-api/docs/file-input-methods#supported-content-types, by file extension. */
const IMAGE_TYPES = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['bmp', 'image/bmp'],
]);
/** OpenAI's two. Other formats (FLAC, Ogg) can hold more seconds per byte than the hold allows for. */
const AUDIO_TYPES = new Map<JsonValue | undefined, string>([
  ['wav', 'audio/wav'],
  ['mp3', 'audio/mp3'],
]);
const DOCUMENT_TYPE = /^(application\/(pdf|json)|text\/.+)$/;
const FILES_HOST = 'generativelanguage.googleapis.com';

/** A part of a user's message other than text. @throws Untranslatable */
export function mediaPart(part: JsonObject, at: string): JsonObject {
  const { type } = part;
  if (type === 'image_url') return image(part['image_url'], `${at}.image_url`);
  if (type === 'input_audio') return audio(part['input_audio'], `${at}.input_audio`);
  if (type === 'file') return document(part['file'], `${at}.file`);
  const known = '"text", "image_url", "input_audio" or "file"';
  throw new Untranslatable(`"${at}.type" must be ${known} for a Gemini model.`, `${at}.type`);
}

function image(value: JsonValue | undefined, at: string): JsonObject {
  const url = isJsonObject(value) ? value['url'] : value;
  if (typeof url !== 'string') throw new Untranslatable(`"${at}.url" must be a URL.`, at);
  if (!url.startsWith('data:')) return remoteImage(url, at);
  const inlineData = readDataUrl(url, at);
  if (inlineData.mimeType.startsWith('image/')) return { inlineData };
  throw new Untranslatable(`"${at}" holds ${inlineData.mimeType}, not an image. Send a document as a "file" part.`, at);
}

/** Google fetches it, and needs its media type. */
function remoteImage(text: string, at: string): JsonObject {
  const url = URL.parse(text);
  const mimeType = IMAGE_TYPES.get(url?.pathname.toLowerCase().split('.').pop() ?? '');
  if (url?.protocol === 'https:' && url.hostname !== FILES_HOST && mimeType !== undefined)
    return { fileData: { fileUri: url.href, mimeType } };
  throw new Untranslatable(
    `"${at}": a Gemini model takes public https URLs that end in .png, .jpg, .jpeg, .webp or .bmp. Send the image as a data URL.`,
    at,
  );
}

function audio(value: JsonValue | undefined, at: string): JsonObject {
  const { data, format }: JsonObject = isJsonObject(value) ? value : {};
  if (typeof data !== 'string') throw new Untranslatable(`"${at}.data" must be base64.`, at);
  const mimeType = AUDIO_TYPES.get(format);
  if (mimeType === undefined) throw new Untranslatable(`"${at}.format" must be "wav" or "mp3".`, `${at}.format`);
  return { inlineData: { mimeType, data } };
}

function document(value: JsonValue | undefined, at: string): JsonObject {
  const data = isJsonObject(value) ? value['file_data'] : undefined;
  if (typeof data !== 'string')
    throw new Untranslatable(`"${at}.file_data" must be a data URL: files kept at a provider can’t be used.`, at);
  const inlineData = readDataUrl(data, at);
  if (DOCUMENT_TYPE.test(inlineData.mimeType)) return { inlineData };
  throw new Untranslatable(`"${at}" holds ${inlineData.mimeType}: a Gemini model takes PDF, JSON and text files.`, at);
}

/** Splits a data URL (RFC 2397) without copying its data. */
function readDataUrl(url: string, at: string): { readonly mimeType: string; readonly data: string } {
  const comma = url.indexOf(',');
  const [mimeType = '', ...parameters] = url.slice('data:'.length, Math.max(comma, 0)).toLowerCase().split(';');
  if (url.startsWith('data:') && comma !== -1 && mimeType !== '' && parameters.at(-1) === 'base64')
    return { mimeType: mediaTypeOf(mimeType), data: url.slice(comma + 1) };
  throw new Untranslatable(`"${at}" must be a data URL such as "data:image/png;base64,…".`, at);
}
