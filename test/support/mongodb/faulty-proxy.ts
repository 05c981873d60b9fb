// A network between an adapter and a MongoDB server that can be made to fail, with the server as real as it is.
import type { Socket } from 'node:net';
import mongoose from 'mongoose';
import { TcpProxy } from '../network/tcp-proxy.js';

type Document = Readonly<Record<string, unknown>>;

export interface FaultyProxy {
  /** The URL of the server by way of this proxy. */
  readonly url: string;
  /**
   * Sees every message to the server. "cut" ends the connection before the server gets it, "swallow" lets it go unanswered,
   * "lose" ends the connection when the server has done it, before the client hears of that, a number keeps it back for so many milliseconds, and a document is the answer in the server's place.
   */
  onRequest: (message: Buffer) => 'pass' | 'cut' | 'swallow' | 'lose' | number | Document;
  /** Refuses connections, and ends those there are: a server that is down. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** `url` names one server; a replica set is talked to through this one member. */
export async function startFaultyProxy(url: string): Promise<FaultyProxy> {
  const [, host = '', port = '27017', rest = ''] = /^mongodb:\/\/(?:[^@/]*@)?([^:/?]+)(?::(\d+))?(.*)$/.exec(url) ?? [];
  if (host === '') throw new Error(`${url} does not name one server`);
  const network = await TcpProxy.start([{ host, port: Number(port) }], (client, server) =>
    onMessages(client, (message) => {
      const fate = proxy.onRequest(message);
      if (fate === 'lose') server.prependOnceListener('data', () => client.destroy());
      if (fate === 'pass' || fate === 'lose') server.write(message);
      if (fate === 'cut') client.destroy();
      if (typeof fate === 'object') client.write(answerTo(message, fate));
      if (typeof fate === 'number') setTimeout(() => server.destroyed || server.write(message), fate);
    }),
  );
  const proxy: FaultyProxy = {
    url: url.replace(/^(mongodb:\/\/(?:[^@/]*@)?).*$/, `$1127.0.0.1:${network.port}${direct(rest)}`),
    onRequest: () => 'pass',
    down: () => network.down(),
    up: () => network.up(),
    close: () => network.close(),
  };
  return proxy;
}

const direct = (rest: string): string =>
  `${rest.replaceAll(/replicaSet=[^&]*&?/g, '')}${rest.includes('?') ? '&' : '?'}directConnection=true`;

const OP_MSG = 2013;

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/#op_msg: a header, no flags, and one document. */
function answerTo(request: Buffer, document: Document): Buffer {
  const body = mongoose.mongo.BSON.serialize(document);
  const head = Buffer.alloc(21);
  const fields = [head.length + body.length, 0, request.readInt32LE(4), OP_MSG];
  for (const [index, field] of fields.entries()) head.writeInt32LE(field, index * 4);
  return Buffer.concat([head, body]);
}

/** Messages of the wire protocol start with their length. */
function onMessages(socket: Socket, take: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}
