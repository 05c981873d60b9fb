// A request that is answered before its body has come. Nobody reads 30 MB to keep a connection, so it is closed. But whoever closes while bytes
// come in has the system answer them with a reset, which may reach the client before it has read the answer (RFC 9112, section 9.6): what
// comes is let pass for a moment after the answer, then the connection is destroyed, whatever the other side does.
import type { IncomingMessage } from 'node:http';

const LINGER_MS = 3_000;
/** What is let pass; then nothing more is read. */
const MOST_BYTES = 131_072;

/** Has the connection of a request close with its answer, which is not sent yet. False when there is no need to. */
export function closeUnread(request: IncomingMessage, lingerMs = LINGER_MS): boolean {
  const { socket } = request;
  if (request.complete || socket.destroyed) return false;
  let passed = 0;
  request.on('error', () => undefined);
  request.on('data', (piece: Buffer) => {
    passed += piece.length;
    if (passed > MOST_BYTES) request.pause();
  });
  request.resume();
  const destroySoon = socket.destroySoon.bind(socket);
  // Node calls it when the last answer of a connection has been handed over, and would close at once.
  socket.destroySoon = () => {
    if (request.complete) return destroySoon();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    request.once('end', destroySoon);
    socket.once('close', () => clearTimeout(timer));
  };
  return true;
}
