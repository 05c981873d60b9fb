// Calls to a gateway over plain HTTP, without an SDK between the test and the bytes.
import { isJsonObject, type JsonObject } from '../../../src/kernel/index.js';

export const COMPLETIONS = '/v1/chat/completions';
export const MODEL = 'gpt-4o-mini';

/** The body of a call; the prompt may carry a directive to the sandbox. */
export const chat = (prompt: string, more: JsonObject = {}): JsonObject => ({
  model: MODEL,
  messages: [{ role: 'user', content: prompt }],
  ...more,
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly requestId: string;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Another endpoint than that of chat completions. */
  readonly path?: string;
}

/** A chat completion, or what another endpoint takes; a string body is sent as it is. */
export function post(
  url: string,
  key: string,
  body: JsonObject | string | Uint8Array<ArrayBuffer>,
  { headers = {}, signal, path = COMPLETIONS }: CallOptions = {},
): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  return request(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: raw ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
}

export const get = (url: string, path: string, key: string): Promise<Answer> =>
  request(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });

export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    requestId: response.headers.get('x-request-id') ?? '',
  };
}

export function jsonOf({ text }: Answer): JsonObject {
  const json: unknown = JSON.parse(text);
  if (!isJsonObject(json)) throw new Error(`not a JSON object: ${text.slice(0, 200)}`);
  return json;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

/** The error of an answer. @throws Error when the answer is not exactly in OpenAI's error shape, with a request id. */
export function errorOf(answer: Answer): ErrorAnswer {
  const contentType = answer.headers.get('content-type') ?? '';
  if (!contentType.startsWith('application/json')) throw new Error(`an error of type ${contentType}: ${answer.text}`);
  if (!/^req_\w{22}$/.test(answer.requestId)) throw new Error(`an error without a request id: ${answer.text}`);
  return { status: answer.status, ...errorIn(jsonOf(answer)) };
}

/** The error in a body or in a chunk of a stream. */
export function errorIn(body: JsonObject): Omit<ErrorAnswer, 'status'> {
  const { error, ...others } = body;
  if (!isJsonObject(error) || Object.keys(others).length > 0) throw new Error(`not an error: ${JSON.stringify(body)}`);
  const { message, type, param, code, ...more } = error;
  if (
    typeof message !== 'string' ||
    typeof type !== 'string' ||
    typeof code !== 'string' ||
    Object.keys(more).length > 0
  )
    throw new Error(`not in OpenAI's error shape: ${JSON.stringify(error)}`);
  return { message, type, param: param as string | null, code };
}
