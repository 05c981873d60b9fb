// Checks the file of a whole stream (docs/audit.md, "The file of a stream") as it arrives, so that its length does not matter.
import { type ChainFault, chainHash, GENESIS } from './chain-check.ts';

export interface StreamChecked {
  readonly stream: string;
  /** How many events were checked: revisions 0 to this, less one. */
  readonly events: number;
  /** The hash of the last one, as computed here. */
  readonly hash: string;
  /** Whether the file brings the proof that a signed checkpoint covers the last event. */
  readonly isSealed: boolean;
  /** The first fault; what comes after it can’t be judged. */
  readonly fault: ChainFault | undefined;
}

export interface StreamCheckOptions {
  readonly onProgress: (done: number, total: number) => void;
}

interface Line {
  readonly object?: string;
  readonly stream?: string;
  readonly events?: number;
  readonly proof?: object | null;
  readonly revision: number;
  readonly type: string;
  readonly id: string;
  readonly data: object;
  readonly metadata: { readonly hash?: unknown };
}

/** Computes every hash of the stream, from the first event on. */
export async function checkStream(body: ReadableStream<Uint8Array>, { onProgress }: StreamCheckOptions) {
  let [stream, total, hash, revision, isSealed] = ['', 0, GENESIS, 0, false];
  const verdict = (fault?: ChainFault): StreamChecked => ({ stream, events: revision, hash, isSealed, fault });
  for await (const line of linesOf(body)) {
    if (line.object === 'event_stream') [stream, total] = [line.stream ?? '', line.events ?? 0];
    else if (line.object === 'event_stream_end') {
      isSealed = line.proof !== null && line.proof !== undefined;
      return verdict(revision === total ? undefined : { revision, what: 'cut_off' });
    } else {
      if (line.revision !== revision) return verdict({ revision, what: 'missing' });
      const computed = await chainHash(hash, { ...line, stream });
      if (computed !== line.metadata.hash) return verdict({ revision, what: 'content' });
      hash = computed;
      revision += 1;
      onProgress(revision, total);
    }
  }
  return verdict({ revision, what: 'cut_off' });
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as Line;
    }
  } finally {
    // Not awaited: a body that somebody else reads, too, is cancelled only with theirs.
    void reader.cancel().catch(() => undefined);
  }
}
