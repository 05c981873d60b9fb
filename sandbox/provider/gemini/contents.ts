// Reads `systemInstruction` and `contents` with Google's own checks: as many responses as calls, and signed calls in
// the current turn. https://ai.google.dev/gemini-api/docs/generate-content/thought-signatures
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatMessage, ContentPart } from '../chat-request.js';
import { badRequest } from '../errors.js';

interface Content {
  readonly role: 'system' | 'user' | 'model';
  readonly parts: readonly JsonObject[];
}

/** @throws WireError (400) that names the field at fault. */
export function contentsOf({ systemInstruction, contents }: JsonObject, model: string): readonly ChatMessage[] {
  if (!Array.isArray(contents) || contents.length === 0)
    throw badRequest('* GenerateContentRequest.contents: contents is not specified', null);
  const said = contents.map((content: unknown, index) => contentOf(content, `contents[${index}]`));
  checkResponses(said);
  checkTurns(said);
  if (/^gemini-(?:[3-9]|\d\d)/.test(model)) checkSignatures(said);
  const instruction =
    systemInstruction === undefined ? [] : [{ ...contentOf(systemInstruction, 'systemInstruction'), role: 'system' }];
  return [...instruction, ...said].flatMap(messagesOf);
}

function contentOf(content: unknown, at: string): Content {
  const { role = 'user', parts }: JsonObject = isJsonObject(content) ? content : {};
  if (role !== 'user' && role !== 'model') throw badRequest(`${at}.role: please use a valid role: user, model.`, null);
  if (Array.isArray(parts) && parts.length > 0 && parts.every(isJsonObject)) {
    parts.forEach(checkMedia);
    return { role, parts };
  }
  throw badRequest(`${at}.parts: contents.parts must not be empty.`, null);
}

/** https://github.com/ogkalu2/comic-translate/pull/399 */
function checkMedia({ inlineData }: JsonObject): void {
  if (isJsonObject(inlineData) && inlineData.mimeType === 'image/jpg')
    throw badRequest('Unsupported MIME type: image/jpg', null);
}

/** One content as text and calls, then the responses it holds. Thoughts are not read. */
function messagesOf({
  role,
  parts,
}: {
  readonly role: string;
  readonly parts: Content['parts'];
}): readonly ChatMessage[] {
  const calls = parts.flatMap(({ functionCall }) => (isJsonObject(functionCall) ? [functionCall] : []));
  const content = parts.filter((part) => !part.functionCall && !part.functionResponse && !part.thought).map(partOf);
  const responses = parts.flatMap(({ functionResponse }) =>
    isJsonObject(functionResponse) ? [{ role: 'tool', content: wordsOf(functionResponse.response) }] : [],
  );
  const tool_calls = calls.map(({ name = '', args = {} }) => ({ name, args }));
  const isSaid = content.length > 0 || calls.length > 0;
  const own = { role: role === 'model' ? 'assistant' : role, content, ...(calls.length > 0 && { tool_calls }) };
  return [...(isSaid ? [own] : []), ...responses];
}

function partOf(part: JsonObject): ContentPart {
  const [kind = 'part'] = Object.keys(part);
  return typeof part.text === 'string' ? { type: 'text', text: part.text } : { ...part, type: kind };
}

/** A response that is a single text is read as that text, which answers repeat. */
function wordsOf(response: JsonValue | undefined): string {
  const values = isJsonObject(response) ? Object.values(response) : [];
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(response ?? {});
}

const has = (part: JsonObject, field: 'functionCall' | 'functionResponse'): boolean => part[field] !== undefined;

function checkResponses(contents: readonly Content[]): void {
  let calls = 0;
  for (const [index, { role, parts }] of contents.entries()) {
    const responses = parts.filter((part) => has(part, 'functionResponse')).length;
    if (role === 'user' && responses !== calls) {
      throw badRequest(
        `contents[${index}]: the number of function response parts must be equal to the ${calls} function call parts before.`,
        null,
      );
    }
    calls = role === 'model' ? parts.filter((part) => has(part, 'functionCall')).length : 0;
  }
}

/** https://github.com/google-gemini/gemini-cli/issues/26486 */
function checkTurns(contents: readonly Content[]): void {
  const calls = contents.findIndex(
    ({ role, parts }, index) =>
      role === 'model' && parts.some((part) => has(part, 'functionCall')) && contents[index - 1]?.role !== 'user',
  );
  if (calls !== -1)
    throw badRequest(
      'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      null,
    );
}

/** The first call of each step since the user's last message must be signed. */
function checkSignatures(contents: readonly Content[]): void {
  const turn = contents.findLastIndex(
    ({ role, parts }) => role === 'user' && !parts.every((part) => has(part, 'functionResponse')),
  );
  for (const [index, { role, parts }] of contents.entries()) {
    const call = index > turn && role === 'model' ? parts.find((part) => has(part, 'functionCall')) : undefined;
    if (call && typeof call.thoughtSignature !== 'string')
      throw badRequest(`contents[${index}]: Function call is missing a thought_signature in functionCall parts.`, null);
  }
}
