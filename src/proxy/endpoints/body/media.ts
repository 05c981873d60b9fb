// What the messages of a chat carry besides text, and how many tokens that can be. Only parts whose size or number bounds their tokens are
// counted. Everything else, above all video, may fill the model's context window, and the hold assumes that it does.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { audioTokensAtMost, MAX_PDF_PAGES, pdfPages, wordsOf } from '../../wire/index.js';

export interface Media {
  readonly images: number;
  /** Pages of the PDF files. */
  readonly pages: number;
  readonly audioTokens: number;
  /** Whether there is something that may have any number of tokens. */
  readonly unbounded: boolean;
  /** The bytes of the body that are counted here instead of as text. */
  readonly bytes: number;
}

const NONE: Media = { images: 0, pages: 0, audioTokens: 0, unbounded: false, bytes: 0 };
const UNBOUNDED: Media = { ...NONE, unbounded: true };

export const mediaOf = (body: JsonObject, messages: readonly JsonValue[]): Media =>
  sumOf(messages, inMessage, namesMedia(body, BODY) ? UNBOUNDED : NONE);

function sumOf(values: readonly JsonValue[], mediaIn: (value: JsonValue) => Media, start = NONE): Media {
  let media = start;
  for (const value of values) media = sum(media, mediaIn(value));
  return media;
}

/** Most parts are text, and bring none. */
const sum = (a: Media, b: Media): Media =>
  b === NONE
    ? a
    : {
        images: a.images + b.images,
        pages: a.pages + b.pages,
        audioTokens: a.audioTokens + b.audioTokens,
        unbounded: a.unbounded || b.unbounded,
        bytes: a.bytes + b.bytes,
      };

/** `audio` is about the answer, and `documents` are texts (Cohere, Groq, vLLM). */
const BODY: readonly string[] = ['audio', 'documents'];

const MEDIA =
  /(?:^|_)(?:images?|img|audios?|videos?|media|files?|frames?|urls?|uris?|documents?|attachments?|source)(?:_|$)/;

/** Whether a field other than the known ones may carry media, by its name and value. Numbers and booleans can't. */
export const namesMedia = (object: JsonObject, known: readonly string[] = []): boolean =>
  Object.keys(object).some((name) => MEDIA.test(wordsOf(name)) && !known.includes(name) && brings(object[name]));

const brings = (value: JsonValue | undefined): boolean =>
  typeof value === 'string' ? value !== '' : Array.isArray(value) ? value.length > 0 : isJsonObject(value);

/** Other roles are makers' own: Moonshot has `cache`, a message that refers to a prompt stored there. */
const ROLES: ReadonlySet<JsonValue | undefined> = new Set([
  'system',
  'developer',
  'user',
  'assistant',
  'tool',
  'function',
]);

/** Whether the field is there in another case, too: a provider written in Go might read that one (refuseBilledApart). */
const comesTwice = (object: JsonObject, field: string): boolean =>
  Object.keys(object).some((name) => name !== field && name.toLowerCase() === field);

function inMessage(message: JsonValue): Media {
  if (!isJsonObject(message)) return NONE;
  const { content } = message;
  if (!ROLES.has(message['role']) || namesMedia(message) || comesTwice(message, 'content')) return UNBOUNDED;
  if (content === undefined || content === null) return NONE;
  return isJsonArray(content) ? sumOf(content, inPart) : inText(content);
}

/** A text for Qwen-Long may refer to a whole file: https://www.alibabacloud.com/help/en/model-studio/long-context-qwen-long */
const inText = (text: JsonValue | undefined): Media =>
  typeof text === 'string' && !text.trimStart().startsWith('fileid://') ? NONE : UNBOUNDED;

function inPart(part: JsonValue): Media {
  if (!isJsonObject(part)) return inText(part);
  const { type = null } = part;
  const read = typeof type === 'string' && Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
  return read === undefined || namesMedia(part, [String(type)]) ? UNBOUNDED : read(part);
}

const onlyOne = (object: JsonObject, field: string): JsonValue | undefined =>
  comesTwice(object, field) ? undefined : object[field];

const PARTS: Readonly<Record<string, (part: JsonObject) => Media>> = {
  text: ({ text }) => inText(text),
  refusal: ({ refusal }) => inText(refusal),
  image_url: ({ image_url: image }) => inImage(isJsonObject(image) ? onlyOne(image, 'url') : image),
  input_audio: ({ input_audio: audio }) => inAudio(isJsonObject(audio) ? onlyOne(audio, 'data') : undefined),
  file: ({ file }) => inFile(isJsonObject(file) ? onlyOne(file, 'file_data') : undefined),
};

/** Some servers accept other media in place of an image, and recognise them by the file extension in the URL. */
const NO_IMAGE =
  /\.(?:3gp|aac|avi|docx?|flac|flv|m3u8|m4[av]|mkv|mov|mp[34]|mpe?g|ogg|ogv|opus|pdf|pptx?|ts|wav|webm|wmv|xlsx?)$/i;
const VIDEO_HOST = /(?:^|\.)(?:youtube\.com|youtu\.be)$/;

function inImage(url: JsonValue | undefined): Media {
  if (typeof url !== 'string') return UNBOUNDED;
  if (/^data:image\//i.test(url)) return { ...NONE, images: 1, bytes: url.length };
  const { protocol = '', hostname = '', pathname = '' } = URL.parse(url) ?? {};
  const mayBeOther = NO_IMAGE.test(pathname) || VIDEO_HOST.test(hostname);
  return /^https?:$/.test(protocol) && !mayBeOther ? { ...NONE, images: 1 } : UNBOUNDED;
}

/** Qwen takes a URL for data: https://www.alibabacloud.com/help/en/model-studio/qwen-omni */
function inAudio(data: JsonValue | undefined): Media {
  const audioTokens = typeof data === 'string' ? audioTokensAtMost(data) : Infinity;
  return audioTokens === Infinity ? UNBOUNDED : { ...NONE, audioTokens, bytes: String(data).length };
}

/** `%PDF-` in base64. */
const PDF = 'JVBERi0';

/** Other documents may unpack to any size. */
function inFile(data: JsonValue | undefined): Media {
  const base64 = typeof data === 'string' ? data.slice(data.indexOf(',') + 1) : '';
  const pages = base64.startsWith(PDF) ? pdfPages(base64) : MAX_PDF_PAGES;
  return pages < MAX_PDF_PAGES ? { ...NONE, pages } : UNBOUNDED;
}
