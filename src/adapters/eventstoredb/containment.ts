// Keeps what goes wrong inside the client from ending the process. It works on parts of the client that are not public, and fails at once
// when they are not there.
import type { Duplex, Readable } from 'node:stream';

interface Channel {
  close(): void;
}
type CreateStream = (grpc: unknown) => Readable | Duplex | Promise<Readable | Duplex>;

interface Internals {
  GRPCStreamCreator: (service: unknown, name: string, create: CreateStream, cache?: unknown) => () => Promise<Readable>;
  handleError: (grpc: unknown, error: Error) => Promise<void>;
  getChannel: () => Promise<Channel>;
  dispose: () => Promise<void>;
}

/** Puts the containment into a client that was not used yet. Returns what lets go of all of it. */
export function contain(client: object, onTrouble: (error: unknown) => void): () => Promise<void> {
  const internals = client as Internals;
  const { GRPCStreamCreator, handleError, getChannel, dispose } = internals;
  for (const part of [GRPCStreamCreator, handleError, getChannel, dispose]) {
    if (typeof part !== 'function') throw new TypeError('the EventStoreDB client is not as this adapter knows it');
  }
  let channel: Promise<Channel> | undefined; // the client closes those before it

  internals.GRPCStreamCreator = (service, name, create, cache) =>
    GRPCStreamCreator(service, name, async (grpc) => shield(await create(grpc), onTrouble), cache);
  // Nobody waits for it, and it rejects when the next connection is being looked for and not found.
  internals.handleError = (grpc, error) => handleError(grpc, error).catch(onTrouble);
  internals.getChannel = () => (channel = getChannel());

  return async () => {
    await dispose();
    channel?.then((open) => open.close()).catch(() => undefined); // closed already, or never there
  };
}

/**
 * - A listener of the client's that throws is a late or second reply: whoever waited for it was told that the outcome is unknown.
 * - The client queues writes when a stream asks it to wait; when the stream then fails, it rejects them where nobody catches. So no stream
 *   asks: what is under way is bounded by our callers, one append for each stream.
 */
function shield<Stream extends Readable | Duplex>(stream: Stream, onTrouble: (error: unknown) => void): Stream {
  const emit = stream.emit.bind(stream) as (...args: unknown[]) => boolean;
  stream.emit = (...args: unknown[]) => {
    try {
      return emit(...args);
    } catch (error) {
      onTrouble(error);
      return true;
    }
  };
  if (!('write' in stream)) return stream;
  const write = stream.write.bind(stream) as (message: unknown) => boolean;
  stream.write = (message: unknown) => {
    write(message);
    return true;
  };
  return stream;
}
