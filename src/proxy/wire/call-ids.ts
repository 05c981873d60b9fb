import type { JsonObject } from '../../kernel/index.js';
import { SIGNATURE, signedId } from './chat.js';
import { textIn } from './json.js';

/**
 * The ids of calls as a client is told them, each once in a conversation. Some servers begin anew in each answer (`call_0`); Anthropic refuses a
 * conversation with such ids, and Claude Code takes one call for the other, without an end (NVIDIA-NeMo/Switchyard#502).
 */
export class CallIds {
  #known: Set<string> | undefined;

  /** `before` are the ids of the conversation, and `derived` is an id for the call at this place of the answer. */
  constructor(
    private readonly before: () => readonly string[],
    private readonly derived: (place: number) => string,
  ) {}

  /** The id of an answer's next call: its own, unless it has none or one that is known. */
  next(call: JsonObject, place: number): string {
    this.#known ??= new Set(this.before().map((id) => id.split(SIGNATURE, 1)[0] ?? ''));
    const own = textIn(call, 'id') ?? '';
    const id = own === '' || this.#known.has(own) ? this.derived(place) : own;
    this.#known.add(id);
    return signedId(call, id);
  }
}
