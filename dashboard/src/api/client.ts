// The one way to /api. Its types are generated from the OpenAPI document of the gateway (schema.d.ts, by `npm run build`).
import { QueryCache, QueryClient } from '@tanstack/react-query';
import createFetchClient, { type Middleware } from 'openapi-fetch';
import createClient from 'openapi-react-query';
import { v4 as uuid } from 'uuid';
import { ApiFailure } from './failure.ts';
import type { components, paths } from './schema.d.ts';

/** A schema of /api by its name. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

const UNCHANGING = ['GET', 'HEAD'];
const FRESH_FOR_MS = 10_000;
const TRIES = 3;

/**
 * The keys of requests whose answer has not come. Who sends the same request again after a lost answer sends the same key, so that
 * no money moves twice.
 */
const keys = new Map<string, string>();
const nameOf = async (request: Request): Promise<string> =>
  JSON.stringify([request.method, request.url, await request.clone().text()]);
const names = new WeakMap<Request, string>();

/** Requests that change something and are under way. A button that is pressed twice sends one, also where /api would do the same thing twice. */
const underWay = new Map<string, Promise<Response>>();

async function sendOnce(request: Request): Promise<Response> {
  const name = names.get(request);
  if (name === undefined) return fetch(request);
  const sent = underWay.get(name) ?? fetch(request).finally(() => underWay.delete(name));
  underWay.set(name, sent);
  return (await sent).clone();
}

/** The login of this browser is another one than this page knows: it has ended, or was made anew in another tab. */
const ANOTHER_LOGIN = ['not_logged_in', 'invalid_csrf_token'];

const middleware: Middleware = {
  async onRequest({ request }) {
    if (UNCHANGING.includes(request.method)) return undefined;
    const name = await nameOf(request);
    const key = keys.get(name) ?? uuid();
    keys.set(name, key);
    request.headers.set('idempotency-key', key);
    const token = await csrfToken();
    if (token !== null) request.headers.set('x-csrf-token', token);
    names.set(request, name);
    return request;
  },
  async onResponse({ request, response }) {
    const name = names.get(request);
    if (name !== undefined && response.status < 500) keys.delete(name);
    if (response.ok) return;
    const failure = await ApiFailure.of(response);
    if (name !== undefined && ANOTHER_LOGIN.includes(failure.code)) await sessionMayDiffer(failure);
    throw failure;
  },
  onError({ error }) {
    return error instanceof ApiFailure ? error : new ApiFailure('', 0, 'no_answer');
  },
};

/** The parameters of a request as pages give them: the middleware adds the key. */
type Unkeyed<Parameters> = Parameters extends { header: { 'Idempotency-Key': string } }
  ? Omit<Parameters, 'header'> & { header?: Partial<Parameters['header']> }
  : Parameters;
type Pages<Paths> = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]: Paths[Path][Method] extends { parameters: infer Parameters }
      ? Omit<Paths[Path][Method], 'parameters'> & { parameters: Unkeyed<Parameters> }
      : Paths[Path][Method];
  };
};

export const client = createFetchClient<Pages<paths>>({
  baseUrl: window.location.origin,
  fetch: sendOnce,
});
client.use(middleware);

/** Queries and mutations of /api for TanStack Query. */
export const api = createClient(client);

/** What is asked is sent whatever the browser believes of its connection: who is told nothing waits, and a gateway on the same machine is always there. */
const networkMode = 'always';

export const queryClient = new QueryClient({
  defaultOptions: {
    mutations: { networkMode },
    queries: {
      networkMode,
      staleTime: FRESH_FOR_MS,
      retry: (tries, error) => error instanceof ApiFailure && error.passes && tries < TRIES,
    },
  },
  queryCache: new QueryCache({
    onError(error) {
      // The session has ended: whoever asks for it next finds that out, and shows the login.
      if (error instanceof ApiFailure && error.status === 401) void queryClient.invalidateQueries(sessionQuery);
    },
  }),
});

/** Who is logged in at this browser. */
export const sessionQuery = api.queryOptions('get', '/api/auth/session');
/** The person who is logged in. */
export const meQuery = api.queryOptions('get', '/api/me');

const csrfToken = async (): Promise<string | null> =>
  (await queryClient.fetchQuery({ ...sessionQuery, staleTime: Infinity })).csrf_token;

/** The next request asks for the session before it is sent, so that who has logged in again can send what they typed. */
async function sessionMayDiffer({ status }: ApiFailure): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey, refetchType: 'none' });
  // Who is logged in is shown anew. Of nobody it is not asked, as the page would give way to the login, and what was typed with it.
  if (status !== 401) void queryClient.invalidateQueries(meQuery);
}

/** To be awaited after whoever is logged in has changed: nothing of the one before is shown to the next. */
export async function sessionChanged(): Promise<void> {
  queryClient.clear();
  await queryClient.fetchQuery(sessionQuery);
}

/** To be awaited after a proof of who one is: the session goes on under a new id, with another token. */
export async function sessionRenewed(): Promise<void> {
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  await queryClient.invalidateQueries(meQuery);
}
