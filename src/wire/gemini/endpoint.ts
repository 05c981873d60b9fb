// Where Gemini is spoken to, and how it says no. The base URL is https://generativelanguage.googleapis.com/v1beta.
import { isJsonArray, isJsonObject, type JsonValue } from '../../kernel/index.js';

/** The path and query below the base URL, for a model's name without `models/`. */
export const generatePath = (model: string, stream: boolean): string =>
  `/models/${encodeURIComponent(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;

export const embedPath = (model: string): string => `/models/${encodeURIComponent(model)}:batchEmbedContents`;

export interface GeminiError {
  /** Google's own words. */
  readonly message: string;
  /** Whether it is about the gateway's key or project: Google says so with a 400, too, and a client can't mend it. */
  readonly ofOurs: boolean;
}

const STATUSES_OF_OURS = new Set<JsonValue | undefined>([
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'FAILED_PRECONDITION',
]);
const MAX_MESSAGE = 500;

/** An error in Google's shape, `{"error":{code,message,status,details}}` or an array of it; undefined when it is none. */
export function readError(body: unknown): GeminiError | undefined {
  const first: unknown = isJsonArray(body) ? body[0] : body;
  const error = isJsonObject(first) ? first['error'] : undefined;
  if (error === undefined || error === null) return undefined;
  const { message, status, details }: Partial<Record<string, JsonValue>> = isJsonObject(error) ? error : {};
  return {
    message: typeof message === 'string' && message !== '' ? message.slice(0, MAX_MESSAGE) : 'no reason given',
    ofOurs: STATUSES_OF_OURS.has(status) || (isJsonArray(details) && details.some(isAboutTheKey)),
  };
}

const isAboutTheKey = (detail: JsonValue): boolean => {
  const reason = isJsonObject(detail) ? detail['reason'] : undefined;
  return typeof reason === 'string' && reason.startsWith('API_KEY_');
};
