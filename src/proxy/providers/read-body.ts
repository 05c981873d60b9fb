import type { Readable } from 'node:stream';

/** The start of a body, and why that is not all of it: it broke off, or there is more. */
export interface BodyRead {
  readonly bytes: Buffer;
  readonly ending: 'whole' | 'longer' | { readonly failure: unknown };
}

/** Reads a body up to a limit in bytes; one that is longer is destroyed. Never rejects. */
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
