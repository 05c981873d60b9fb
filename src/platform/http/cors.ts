// Lets pages of other origins call /v1 (https://fetch.spec.whatwg.org/#http-cors-protocol). Never /api, which goes by cookies.
import type { FastifyRequest } from 'fastify';
import { pathOf } from './path.js';

const ANY = '*';
const PREFLIGHT_SECONDS = 7_200;

/** What `enableCors` asks for each request, for these origins with commas between, or `*`. */
export function corsFor(corsOrigins: string) {
  const origins = corsOrigins.split(',').map((origin) => origin.trim());
  const open = {
    origin: origins.includes(ANY) ? ANY : origins,
    methods: ['GET', 'POST'],
    // No credentials, so that `*` stands for every header of an answer.
    exposedHeaders: [ANY],
    maxAge: PREFLIGHT_SECONDS,
  };
  return ({ url }: FastifyRequest, answer: (error: Error | null, options: typeof open | { origin: false }) => void) =>
    answer(null, /^\/v1(?:\/|$)/.test(pathOf(url)) ? open : { origin: false });
}
