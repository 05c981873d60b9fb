// How much of a streamed answer has come. Its meter keeps this in case the answer is cut off before its provider has counted it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { contentIn, reasoningIn } from '../wire/index.js';

/** Pieces of content, and the bytes of their text. */
export interface Content {
  readonly pieces: number;
  readonly bytes: number;
  /** Of speech, whose words are a text beside it. */
  readonly audioBytes: number;
}

export class Delivery {
  #pieces = 0;
  #bytes = 0;
  #audioBytes = 0;
  #counted: Content = { pieces: 0, bytes: 0, audioBytes: 0 };
  /** The provider has said that the answer is finished: only its usage is still to come. */
  finished = false;

  /** Whether anything of an answer has come. */
  get began(): boolean {
    return this.#pieces > 0 || this.#audioBytes > 0;
  }

  /** All that has come. */
  get all(): Content {
    return { pieces: this.#pieces, bytes: this.#bytes, audioBytes: this.#audioBytes };
  }

  /** What has come since the provider last reported its usage. */
  get uncounted(): Content {
    const { pieces, bytes, audioBytes } = this.#counted;
    return {
      pieces: this.#pieces - pieces,
      bytes: this.#bytes - bytes,
      audioBytes: this.#audioBytes - audioBytes,
    };
  }

  /** Counts a piece of text, thoughts or a tool call; an empty one does not count. */
  take(text: string): void {
    this.takeBytes(Buffer.byteLength(text));
  }

  takeBytes(bytes: number): void {
    if (bytes === 0) return;
    this.#pieces++;
    this.#bytes += bytes;
  }

  takeAudio(bytes: number): void {
    this.#audioBytes += bytes;
  }

  /** The provider has reported the usage of everything that has come. */
  counted(): void {
    this.#counted = this.all;
  }
}

/** Follows the choices of an answer in chat completion chunks. */
export class ChunkDelivery extends Delivery {
  readonly #open = new Set<JsonValue>();
  readonly #ended = new Set<JsonValue>();
  readonly #calling = new Set<JsonValue>();

  /** The choices of which nothing says that they are finished, and whether they have calls. */
  get unfinished(): readonly { readonly index: JsonValue; readonly calls: boolean }[] {
    return Array.from(this.#open, (index) => ({ index, calls: this.#calling.has(index) }));
  }

  /**
   * Each choice of a chunk is a piece. The answer is finished when every choice that began is. OpenRouter reports the usage with an empty
   * piece after that.
   */
  hear({ choices }: JsonObject): void {
    for (const choice of objectsIn(choices)) {
      const { index = 0, delta, finish_reason: reason } = choice;
      const text = isJsonObject(delta) ? textOf(delta) : '';
      if (isJsonObject(delta) && objectsIn(delta['tool_calls']).length > 0) this.#calling.add(index);
      this.take(text);
      this.takeAudio(isJsonObject(delta) ? audioBytesIn(delta) : 0);
      if (typeof reason === 'string' && reason !== '') {
        this.#open.delete(index);
        this.#ended.add(index);
      } else if (text !== '' || !this.#ended.has(index)) this.#open.add(index);
      this.finished = this.#open.size === 0;
    }
  }

  /** Another piece of a choice that goes on. */
  hearPiece(choice: JsonValue, bytes: number): void {
    this.takeBytes(bytes);
    this.#open.add(choice);
    this.finished = false;
  }
}

/** What a chunk says that is a piece of one choice, and not its last. */
export function pieceIn({ choices }: JsonObject): { readonly choice: JsonValue; readonly text: string } | undefined {
  const only: JsonValue | undefined = Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined;
  if (!isJsonObject(only) || !isJsonObject(only['delta']) || typeof only['finish_reason'] === 'string')
    return undefined;
  return { choice: only['index'] ?? 0, text: textOf(only['delta']) };
}

const objectsIn = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** Everything that a model has written in a delta: text, thoughts under any name, a refusal, the words of speech, and function calls. */
function textOf(delta: JsonObject): string {
  const calls = objectsIn(delta['tool_calls']).map((call) => calledIn(call['function'] ?? call['custom']));
  const spoken = textIn(audioIn(delta)['transcript']);
  return [reasoningIn(delta), contentIn(delta), textIn(delta['refusal']), spoken, ...calls].join('');
}

/** https://developers.openai.com/api/docs/guides/audio */
const audioIn = ({ audio }: JsonObject): JsonObject => (isJsonObject(audio) ? audio : {});

const audioBytesIn = (delta: JsonObject): number => Buffer.byteLength(textIn(audioIn(delta)['data']), 'base64');

function calledIn(called: JsonValue | undefined): string {
  if (!isJsonObject(called)) return '';
  return textIn(called['name']) + textIn(called['arguments']) + textIn(called['input']);
}

const textIn = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
