// The sandbox Stripe: an HTTP double of the endpoints of Stripe's API that token-hub uses, for the demo and for tests. The official `stripe`
// package talks to it with no more than another host, port and protocol. It needs no account, moves no money and remembers nothing after its end.
// api/routes.ts lists the endpoints, knobs.ts how it can misbehave; its pages are /c/pay/<session>, where customers pay, and /sandbox, where one
// can play the bank, the card network and Stripe.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import { type Clock, SystemClock } from '../../kernel/index.js';
import { Api } from './api/api.js';
import { Deliveries } from './deliveries.js';
import type { Fault } from './faults.js';
import { type Actions, actionsOn } from './actions.js';
import { type Knobs, goodManners } from './knobs.js';
import { makeServer } from './server.js';
import { World } from './world.js';

export interface SandboxStripeOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The only key the API takes: `sk_test_sandbox`, unless said. */
  readonly secretKey?: string;
  readonly webhook?: { readonly url: string; readonly secrets: readonly string[] };
  readonly knobs?: Partial<Knobs>;
  readonly clock?: Clock;
}

/** All that acts, without being asked by the API, throws an error with Stripe's sentence when it can't be done. */
export interface SandboxStripe extends Actions {
  /** Such as http://127.0.0.1:4020: where it listens. */
  readonly url: string;
  readonly secretKey: string;
  /** What the `stripe` package needs to talk to it. */
  readonly clientOptions: { readonly host: string; readonly port: number; readonly protocol: 'http' };
  /** Set its fields at any time. */
  readonly knobs: Knobs;
  /** Sends webhooks to this address from now on; with two secrets, signs with both. */
  deliverTo(url: string, secrets: string | readonly string[]): void;
  /** Waits until every webhook so far was sent once. */
  webhooksSent(): Promise<void>;
  /** Makes coming calls of the API fail. */
  fail(fault: Fault): void;
  /** Drops every connection and everything that was to come. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startSandboxStripe(options: SandboxStripeOptions = {}): Promise<SandboxStripe> {
  const { clock = new SystemClock(), secretKey = 'sk_test_sandbox' } = options;
  const knobs = { ...goodManners(), ...options.knobs };
  const deliveries = new Deliveries(knobs, clock);
  deliveries.sendTo(options.webhook);
  const world = new World({ clock, knobs, apiVersion: Stripe.API_VERSION, deliver: (event) => deliveries.take(event) });
  const api = new Api(world, secretKey);
  const server = makeServer({ world, api });
  const port = await listen(server, options.port ?? 0);
  const url = `http://${HOST}:${port}`;
  world.url = url;
  return {
    ...actionsOn(world),
    url,
    secretKey,
    clientOptions: { host: HOST, port, protocol: 'http' },
    knobs,
    deliverTo: (target, secrets) =>
      deliveries.sendTo({ url: target, secrets: typeof secrets === 'string' ? [secrets] : secrets }),
    webhooksSent: () => deliveries.sent(),
    fail: (fault) => api.faults.add(fault),
    close: () => {
      deliveries.close();
      world.close();
      return end(server);
    },
  };
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
