// Nearly every chunk of a stream is like one before, but for its piece of text. A frame that is the same to the byte around that text says nothing
// else that is new, so it need not be parsed.
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { pieceIn } from './delivery.js';
import { jsonObject } from './sse.js';

/** The inside of a JSON string that stands for itself: without a quote, an escape, or what JSON does not allow. */
// oxlint-disable-next-line no-control-regex -- these are what JSON does not allow
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
/** Such a text, and one that is the same in every encoding. */
const LEARNABLE = /^[ !#-[\]-~]+$/;
const START = 'data: ';
const END = '\n\n';
/** In place of a text, to see whether it is the one that counts. */
const PROBE = 'probe of token-hub';
/** Where something else changes with every chunk, learning is given up. */
const MOST_IN_VAIN = 4;

export class AlikeChunks {
  #head = '';
  #tail = '';
  #inVain = 0;
  /** Of the frame that was learnt last. */
  choice: JsonValue = 0;

  /** The end of the text in the frame from `start` to `end`, if the frame is like the one that was learnt last; else 0. It begins at `begin`. */
  endOfText(frames: string, start: number, end: number): number {
    const to = end - this.#tail.length;
    const from = this.begin(start);
    if (this.#head === '' || from > to || !frames.startsWith(this.#head, start)) return 0;
    PLAIN_TEXT.lastIndex = from;
    PLAIN_TEXT.test(frames);
    if (PLAIN_TEXT.lastIndex !== to || !frames.startsWith(this.#tail, to)) return 0;
    this.#inVain = 0;
    return to;
  }

  begin(start: number): number {
    return start + this.#head.length;
  }

  /** Learns from a whole frame that tells of no usage, no error and no end, but of a piece of text. `chunk` is what it says. */
  learn(frame: string, chunk: JsonObject): void {
    if (this.#inVain >= MOST_IN_VAIN) return;
    const piece = frame.startsWith(START) && frame.indexOf('\n') === frame.length - END.length && pieceIn(chunk);
    if (!piece || !LEARNABLE.test(piece.text)) return;
    this.#inVain++;
    const at = frame.lastIndexOf(`"${piece.text}"`) + 1;
    const [head, tail] = [frame.slice(0, at), frame.slice(at + piece.text.length)];
    const probe = jsonObject(`${head}${PROBE}${tail}`.slice(START.length));
    if (probe === undefined || pieceIn(probe)?.text !== PROBE) return;
    this.#head = head;
    this.#tail = tail;
    this.choice = piece.choice;
  }
}
