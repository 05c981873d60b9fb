// What is no proper HTTP never becomes a request with a handler. It is answered here, in the shape of every other error.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '../kernel/index.js';
import { invalidRequest } from '../http/index.js';

export const newRequestId = (): string => `req_${newId()}`;

const STATUS_BY_CODE: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** A request whose path can't be decoded or routed. */
export function answerFrameworkError({ message }: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = invalidRequest(`The request can’t be understood: ${message}.`);
  void reply.status(status).header('x-request-id', request.id).send(body);
}

/** Bytes that are not HTTP, too many headers, or a request that never ended. */
export function answerClientError({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_BY_CODE[code] ?? 400;
  const reason = STATUS_CODES[status] ?? '';
  const body = JSON.stringify(invalidRequest(`This is not an HTTP request that can be answered: ${reason}.`).body);
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${newRequestId()}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
