// An answer begins once. Kimi and some gateways repeat `message_start`, which Anthropic's SDKs refuse; others lose their upstream and go on with
// another answer, whose blocks can't follow those of the first: https://github.com/MoonshotAI/Kimi-K2.5/issues/33, https://github.com/vercel/ai/pull/18332.
import type { JsonObject } from '../../../kernel/index.js';
import { objectIn } from '../json.js';
import type { ReportedError } from '../reported-error.js';

export const SPLICED: ReportedError = { message: 'another answer began within this one' };

export class OneStart {
  #id: unknown;
  #begun = false;
  #saysSomething = false;

  /** Whether a block has begun. */
  get hasBlocks(): boolean {
    return this.#saysSomething;
  }

  /** Takes a `message_start`; returns whether it is the first, or undefined when another answer begins with it. */
  take(event: JsonObject): boolean | undefined {
    const id = objectIn(event, 'message')?.['id'];
    if (this.#begun) return this.#saysSomething && id !== this.#id ? undefined : false;
    this.#id = id;
    this.#begun = true;
    return true;
  }

  /** A block has begun. */
  saysSomething(): void {
    this.#saysSomething = true;
  }
}
