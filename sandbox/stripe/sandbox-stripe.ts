// The sandbox Stripe: an HTTP double of the endpoints of Stripe's API that token-hub uses, for the demo and for tests.
// The official `stripe` package only needs another host, port and protocol. It needs no account and moves no money. Its
// state survives a restart only if it has a document store. api/routes.ts lists the endpoints, knobs.ts its faults. Its
// pages are /c/pay/<session>, where customers pay, and /sandbox, where you can play the bank, the card network and
// Stripe.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import type { DocumentStore } from '../../src/platform/documents/index.js';
import { type Clock, SystemClock } from '../../src/kernel/index.js';
import { Api } from './api/api.js';
import { Deliveries } from './deliveries.js';
import type { Fault } from './faults.js';
import { type Actions, actionsOn } from './actions.js';
import { type Knobs, defaultKnobs } from './knobs.js';
import { Memory } from './memory.js';
import { resume } from './resume.js';
import { makeServer, serve } from './server.js';
import { World } from './world.js';

export interface SandboxStripeOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The only valid API key; `sk_test_sandbox` by default. */
  readonly secretKey?: string;
  readonly webhook?: { readonly url: string; readonly secrets: readonly string[] };
  readonly knobs?: Partial<Knobs>;
  readonly clock?: Clock;
  /** Where it stores its state for the next start. It closes the store. */
  readonly documents?: DocumentStore | undefined;
}

/** Actions throw an error with Stripe's message when they are impossible. */
export interface SandboxStripe extends Actions {
  /** Where it listens, such as http://127.0.0.1:4020. */
  readonly url: string;
  readonly secretKey: string;
  /** The options of the `stripe` package for this sandbox. */
  readonly clientOptions: { readonly host: string; readonly port: number; readonly protocol: 'http' };
  /** You may set its fields at any time. */
  readonly knobs: Knobs;
  /** Sends webhooks to this address from now on; with two secrets, signs with both. */
  deliverTo(url: string, secrets: string | readonly string[]): void;
  /** Resolves when every webhook so far has been sent once. */
  webhooksSent(): Promise<void>;
  /** Makes the next calls of the API fail. */
  fail(fault: Fault): void;
  /** Closes every connection and drops pending work. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startSandboxStripe(options: SandboxStripeOptions): Promise<SandboxStripe> {
  const { clock = new SystemClock(), secretKey = 'sk_test_sandbox' } = options;
  const knobs = { ...defaultKnobs(), ...options.knobs };
  const memory = await Memory.open(options.documents);
  const places = memory.shelf<string>('places');
  const before = places.get('url') ?? '';
  const server = makeServer();
  const port = await listenAgain(server, options.port ?? 0, before);
  const url = `http://${HOST}:${port}`;
  const deliveries = new Deliveries(knobs, clock, ({ id }) => void world.store.find(id));
  deliveries.sendTo(options.webhook);
  const world: World = new World({
    clock,
    knobs,
    apiVersion: Stripe.API_VERSION,
    deliver: (event) => deliveries.take(event),
    url,
    shelf: (name) => memory.shelf(name, [before, url]),
  });
  const api = new Api(world, secretKey);
  serve(server, { world, api, settled: () => memory.settled() });
  resume(world);
  const undelivered = world.store.all('event').filter(({ pending_webhooks: waiting }) => waiting > 0);
  return {
    ...actionsOn(world),
    url,
    secretKey,
    clientOptions: { host: HOST, port, protocol: 'http' },
    knobs,
    deliverTo: (target, secrets) => {
      places.set('url', url); // not earlier: only the running instance delivers
      deliveries.sendTo({ url: target, secrets: typeof secrets === 'string' ? [secrets] : secrets });
      for (const event of undelivered.splice(0)) deliveries.take(event);
    },
    webhooksSent: () => deliveries.sent(),
    fail: (fault) => api.faults.add(fault),
    close: async () => {
      deliveries.close();
      world.close();
      await end(server);
      await memory.close();
    },
  };
}

/** The previous address if it is free and no port is configured: pages that are open in a browser keep working. */
async function listenAgain(server: Server, port: number, before: string): Promise<number> {
  if (port !== 0 || before === '') return listen(server, port);
  return listen(server, Number(new URL(before).port)).catch(() => listen(server, 0));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, 4096, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function end(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
