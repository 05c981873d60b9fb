import type { Readable } from 'node:stream';

/** The start of a body, and whether it is the whole: it may break off, or be longer than the limit. */
export interface BodyRead {
  readonly bytes: Buffer;
  readonly ending: 'whole' | 'longer' | { readonly failure: unknown };
}

/** Reads a body up to a limit in bytes, and destroys a longer one. Never rejects. */
export async function readBody(body: Readable, limit: number): Promise<BodyRead> {
  const chunks: Buffer[] = [];
  let size = 0;
  let ending: BodyRead['ending'] = 'whole';
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) {
        ending = 'longer';
        break;
      }
    }
  } catch (failure) {
    ending = { failure };
  }
  const [only] = chunks;
  return { bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks), ending };
}
