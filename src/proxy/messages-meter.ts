// Listens to a stream of Anthropic's own events on its way to a client that speaks them: finds the usage, an error and the end. All bytes
// pass untouched but the end, which waits for the charge, and an error, which is told in our words.
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/index.js';
import { mergeUsage, messagesError } from '../wire/index.js';
import type { Meter } from './call.js';
import { errorText, parse } from './meter.js';
import { frameData, frames } from './sse.js';

// As values of JSON they stand unescaped; inside a text their quotes are escaped, so text can't look like them.
const TELLING = ['"message_delta"', '"message_stop"', '"message_start"', '"error"'];
const NOTHING = Buffer.alloc(0);

export class MessagesMeter implements Meter {
  /** That of the start, with the later counts in place of the earlier. */
  usage: JsonValue | undefined;
  error: string | undefined;
  /** The final frame. */
  #stop: Buffer | undefined;

  get done(): boolean {
    return this.#stop !== undefined;
  }

  /** Without message_stop the answer broke off, whatever usage it had told. */
  endsWhole(): boolean {
    return this.done;
  }

  end(): Buffer {
    return this.#stop ?? NOTHING;
  }

  fail(error: JsonObject): Buffer {
    return Buffer.from(`event: error\ndata: ${JSON.stringify(messagesError(502, error))}\n\n`);
  }

  /** Takes whole frames and returns the bytes to pass on. */
  listen(bytes: Buffer): Buffer {
    if (this.done || this.error !== undefined) return NOTHING;
    if (!tells(bytes)) return bytes;
    const passed: Buffer[] = [];
    for (const frame of frames(bytes)) {
      if (this.done || this.error !== undefined) break;
      if (!tells(frame) || this.#hear(frame)) passed.push(frame);
    }
    return passed.length === 1 && passed[0] !== undefined ? passed[0] : Buffer.concat(passed);
  }

  /** Whether the frame passes on. */
  #hear(frame: Buffer): boolean {
    const event = parse(frameData(frame) ?? '');
    if (event === undefined) return true;
    switch (String(event['type'])) {
      case 'message_start':
        this.usage = mergeUsage(this.usage, isJsonObject(event['message']) ? event['message']['usage'] : undefined);
        return true;
      case 'message_delta':
        this.usage = mergeUsage(this.usage, event['usage']);
        return true;
      case 'message_stop':
        this.#stop = frame;
        return false;
      case 'error':
        this.error = errorText(event['error'] ?? null);
        return false;
      default:
        return true;
    }
  }
}

const tells = (bytes: Buffer): boolean => TELLING.some((word) => bytes.includes(word));
