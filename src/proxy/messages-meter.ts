// Listens to a stream of Anthropic's own events on its way to a client that speaks them: finds the usage, an error and the end. All bytes
// pass untouched but the end, which waits for the charge, and an error, which is told in our words.
import { isJsonObject, type JsonValue } from '../kernel/index.js';
import { mergeUsage } from '../wire/index.js';
import { errorText, parse } from './meter.js';
import { frameData, frames } from './sse.js';

// As values of JSON they stand unescaped; inside a text their quotes are escaped, so text can't look like them.
const TELLING = ['"message_delta"', '"message_stop"', '"message_start"', '"error"'];
const NOTHING = Buffer.alloc(0);

/** For a stream whose provider ends it without saying so. */
export const MESSAGE_STOP_FRAME = Buffer.from('event: message_stop\ndata: {"type":"message_stop"}\n\n');

export class MessagesMeter {
  /** The usage so far: that of the start, with the later counts in place of the earlier. */
  usage: JsonValue | undefined;
  /** The provider's own words when it reported an error within the stream. */
  error: string | undefined;
  /** The final frame, kept back until the charge is durable. */
  done: Buffer | undefined;

  /** Takes whole frames and returns the bytes to pass on. */
  listen(bytes: Buffer): Buffer {
    if (this.done !== undefined || this.error !== undefined) return NOTHING;
    if (!tells(bytes)) return bytes;
    const passed: Buffer[] = [];
    for (const frame of frames(bytes)) {
      if (this.done !== undefined || this.error !== undefined) break;
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
        this.done = frame;
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
