// A client that can do what a polite one never does: leave in the middle, or stop reading.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { JsonObject } from '../../../src/kernel/index.js';
import { COMPLETIONS } from './calls.js';

export class RawClient {
  readonly #request: ClientRequest;
  readonly #response: Promise<IncomingMessage>;
  /** All that was read so far. */
  text = '';
  closed = false;

  constructor(url: string, key: string, body: JsonObject, path = COMPLETIONS) {
    this.#request = request(`${url}${path}`, {
      method: 'POST',
      agent: false,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
    this.#response = new Promise((resolve, reject) => this.#request.once('response', resolve).on('error', reject));
    this.#response.catch(() => undefined); // leaving breaks the request; that is the point
    this.#request.on('close', () => (this.closed = true));
    this.#request.end(JSON.stringify(body));
  }

  /** The head of the answer; nothing of its body is read. Rejects when none comes. */
  head(): Promise<IncomingMessage> {
    return this.#response;
  }

  /** Reads on without end, in the background. */
  async read(): Promise<void> {
    const response = await this.#response;
    response.on('error', () => undefined).on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }

  leave(): void {
    this.#request.destroy();
  }
}
