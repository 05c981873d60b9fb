// What is no proper HTTP never becomes a request with a handler. It is answered here, in the shape of every other error.
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '../../kernel/index.js';
import { ApiError, invalidRequest, serviceUnavailable } from './api-error.js';
import { answerAndClose, endsAnswered } from './connections.js';
import { closeUnread } from './unread-body.js';

export const newRequestId = (): string => `req_${newId()}`;

const STATUS_BY_CODE: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** For `createServer`: a request without a host is a request for us to answer. */
export const ANSWERS_ALL_HEADS = { requireHostHeader: false };

/** Node answers by itself, without a word, what expects more than it knows. After this, such a request comes as any other. */
export function answerExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Why a request is not answered, whatever it asks for; undefined for nearly all. https://www.rfc-editor.org/rfc/rfc9112 */
export function headFault({ headers, httpVersion, rawHeaders }: IncomingMessage): ApiError | undefined {
  if (headers.host === undefined && httpVersion === '1.1')
    return invalidRequest('The header Host is missing, which HTTP/1.1 requires (RFC 9112, section 3.2).');
  if (comesTwice(rawHeaders, 'host'))
    return invalidRequest('The header Host comes more than once (RFC 9112, section 3.2).');
  if (!HOST.test(headers.host ?? '')) return invalidRequest('The header Host names no host (RFC 9112, section 3.2).');
  if (!ONLY_CHUNKED.test(headers['transfer-encoding'] ?? 'chunked'))
    return refused(501, 'No Transfer-Encoding but chunked is read here. Name a compression in Content-Encoding.');
  if (!ONLY_CONTINUE.test(headers.expect ?? '100-continue'))
    return refused(417, 'Nothing but 100-continue can be expected here. Leave the header Expect out.');
  return undefined;
}

/** A name, an IPv4 address, or an IPv6 address in brackets, and a port (RFC 3986, section 3.2.2). Empty where a URL has none. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;
const ONLY_CHUNKED = /^chunked$/i;
const ONLY_CONTINUE = /^100-continue$/i;

const refused = (status: number, message: string): ApiError =>
  new ApiError({ status, type: 'invalid_request_error', code: 'invalid_request', message });

/** @param rawHeaders names and values in turn, as they came. Node keeps the first of several hosts. */
function comesTwice(rawHeaders: readonly string[], name: string): boolean {
  const isIt = (raw: string, at: number): boolean =>
    at % 2 === 0 && raw.length === name.length && raw.toLowerCase() === name;
  return rawHeaders.findIndex(isIt) !== rawHeaders.findLastIndex(isIt);
}

/** A request whose path can't be decoded or routed. */
export function answerFrameworkError({ message }: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = invalidRequest(`The request can’t be understood: ${message}.`);
  if (closeUnread(request.raw)) void reply.header('connection', 'close');
  void reply.status(status).header('x-request-id', request.id).send(body);
}

/** Bytes that are not HTTP, too many headers, or a request that did not come in time. */
export function answerClientError({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded) return; // told already, and soon destroyed: what it still sends changes nothing
  // Who has said nothing expects no answer: browsers open connections ahead of need.
  if (code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  if (endsAnswered(socket)) return;
  const status = STATUS_BY_CODE[code] ?? 400;
  const reason = STATUS_CODES[status] ?? '';
  tell(socket, status, invalidRequest(`This is not an HTTP request that can be answered: ${reason}.`));
}

/** A connection for which there is no room. */
export function turnAway(socket: Socket): void {
  const error = serviceUnavailable('This gateway has as many connections as it can take. Try again in a moment.');
  tell(socket, error.status, error);
}

function tell(socket: Socket, status: number, { body, options: { headers = {} } }: ApiError): void {
  const more = Object.entries({ ...headers, 'x-request-id': newRequestId() });
  const lines = more.map(([name, value]) => `${name}: ${value}`);
  answerAndClose(socket, status, lines, JSON.stringify(body));
}
