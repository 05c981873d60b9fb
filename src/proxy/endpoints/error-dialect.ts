import { type ErrorDialect, pathOf } from '../../platform/http/index.js';
import { messagesError } from '../wire/index.js';
import { unsupportedEndpoint } from './unsupported-endpoints.js';

/** Anthropic's clients only read errors in Anthropic's shape. */
const isForAnthropicClients = (url: string): boolean => /^\/v1\/messages(?:\/|$)/.test(pathOf(url));

/** Errors in the shape that the clients of a path read, and a 501 for endpoints that token-hub does not have. */
export const errorDialect: ErrorDialect = {
  bodyFor: (url, { status, body }) => (isForAnthropicClients(url) ? messagesError(status, body) : body),
  unsupported: unsupportedEndpoint,
};
