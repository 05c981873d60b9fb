// The calls an assistant made, and their results. Results refer to calls by id, but Gemini needs the name, so the calls
// of a conversation are remembered.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { argumentsIn, inputOf, SEE_BELOW } from '../chat.js';
import { Untranslatable } from '../wire.js';
import { isGemini3 } from './model.js';
import { geminiName } from './names.js';
import { NO_SIGNATURE, plainId, signatureOf } from './signature.js';

interface Call {
  readonly id: string;
  readonly name: string;
  /** Its index among the calls of its message. */
  readonly position: number;
}

export interface Result {
  readonly position: number;
  readonly part: JsonObject;
  /** Its images and files. */
  readonly media: readonly JsonObject[];
}

export class Calls {
  readonly #byId = new Map<string, Call>();
  readonly #isGemini3: boolean;

  constructor(model: string) {
    this.#isGemini3 = isGemini3(model);
  }

  /** The calls of one message. Of parallel calls, only the first is signed. @throws Untranslatable */
  callParts(calls: JsonValue, at: string): JsonObject[] {
    if (!isJsonArray(calls)) throw new Untranslatable(`"${at}" must be an array.`, at);
    let isSigned = false;
    return calls.map((call, position) => {
      const { id, name, args, given } = readCall(call, `${at}[${position}]`);
      this.#byId.set(id, { id: plainId(id), name, position });
      const signature = given ?? (this.#isGemini3 && !isSigned ? NO_SIGNATURE : undefined);
      isSigned ||= signature !== undefined;
      return {
        functionCall: { ...this.#idOf(plainId(id)), name, args },
        ...(signature !== undefined && { thoughtSignature: signature }),
      };
    });
  }

  /** A message of the role `tool`, and the parts of its content: a response holds texts alone. @throws Untranslatable */
  result(message: JsonObject, parts: readonly JsonObject[], at: string): Result {
    const id = message['tool_call_id'];
    const call = typeof id === 'string' ? this.#byId.get(id) : undefined;
    if (call === undefined)
      throw new Untranslatable(
        `"${at}.tool_call_id" must be the id of a call in an earlier assistant message.`,
        `${at}.tool_call_id`,
      );
    const media = parts.filter(({ text }) => text === undefined);
    const text = parts.map((part) => part['text'] ?? '').join('');
    // The plain text: as an object, large numbers would lose digits, and Gemini would read a "$ref" in it as a
    // reference.
    const response = { output: text === '' && media.length > 0 ? SEE_BELOW : text };
    return {
      position: call.position,
      media,
      part: { functionResponse: { ...this.#idOf(call.id), name: call.name, response } },
    };
  }

  /** Gemini 3.5 and later match results by id; models before 3 refuse the field. */
  #idOf(id: string): { readonly id?: string } {
    return this.#isGemini3 ? { id } : {};
  }
}

function readCall(call: JsonValue, at: string) {
  const { id, type = 'function', function: called }: JsonObject = isJsonObject(call) ? call : {};
  const name = isJsonObject(called) ? called['name'] : undefined;
  if (!isJsonObject(call) || type !== 'function' || typeof id !== 'string' || typeof name !== 'string')
    throw new Untranslatable(`"${at}" must be a function call with an id and a name.`, at);
  const args = inputOf(isJsonObject(called) ? argumentsIn(called) : '');
  return { id, name: geminiName(name), args, given: signatureOf(call) };
}
