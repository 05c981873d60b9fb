// A server may send an unrequested `100 Continue` before its answer, which a client must ignore (RFC 9110, section 15.2.1). undici breaks the
// connection instead, so this removes it. undici ignores other interim answers (102, 103) by itself.
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** Matches the status line, or as much of it as has come. No JSON body or event stream looks like that. */
const START = /^HTTP\/1\.1 100 [A-Za-z ]{0,32}(?:\r|$)/;
const FIRST_LINE_BYTES = 64;
const END = '\r\n\r\n';
const MAX_HEAD_BYTES = 4_096;

/** Opens connections whose answers begin without a `100 Continue`. */
export function connectorWithoutContinue(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      skipContinue(socket);
      callback(null, socket);
    });
}

/** undici reads from a socket by `read`. */
function skipContinue(socket: Socket): void {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let held: Buffer | undefined;
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk = read(size);
      if (chunk === null) return null;
      const bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
      held = undefined;
      if (!beginsContinue(bytes)) return bytes;
      const end = bytes.indexOf(END);
      if (end === -1 && bytes.length < MAX_HEAD_BYTES) held = bytes;
      else if (end === -1) return bytes;
      else if (end + END.length < bytes.length) return bytes.subarray(end + END.length);
    }
  };
}

const beginsContinue = (bytes: Buffer): boolean =>
  bytes[0] === 0x48 && START.test(bytes.toString('latin1', 0, FIRST_LINE_BYTES));
