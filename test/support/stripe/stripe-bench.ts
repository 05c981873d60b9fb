// A sandbox Stripe with the official package as its client and a receiver of its webhooks.
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import { type SandboxStripe, startSandboxStripe } from '../../../sandbox/stripe/index.js';

export const SECRET = 'whsec_one';

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class StripeBench {
  /** What the receiver answers. */
  status = 200;
  readonly deliveries: Delivery[] = [];

  private constructor(
    readonly sandbox: SandboxStripe,
    readonly stripe: Stripe,
    private readonly receiver: Server,
  ) {}

  static async open(): Promise<StripeBench> {
    const sandbox = await startSandboxStripe({ knobs: { settleRefundMs: null, retryMs: 20 } });
    const stripe = new Stripe(sandbox.secretKey, { ...sandbox.clientOptions, maxNetworkRetries: 0, timeout: 2_000 });
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bench.deliveries.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(bench.status).end();
      });
    });
    const bench = new StripeBench(sandbox, stripe, receiver);
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    sandbox.deliverTo(bench.receiverUrl, SECRET);
    return bench;
  }

  get receiverUrl(): string {
    return `http://127.0.0.1:${(this.receiver.address() as AddressInfo).port}/webhooks`;
  }

  /** An open session; ten dollars, unless told otherwise. */
  checkout(more: Partial<Stripe.Checkout.SessionCreateParams> = {}, currency: 'usd' | 'cny' = 'usd', amount = 1_000) {
    return this.stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price_data: { currency, unit_amount: amount, product_data: { name: 'Credit' } }, quantity: 1 }],
      success_url: 'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
      cancel_url: 'https://shop.example/no',
      client_reference_id: 'order_1',
      metadata: { order: 'order_1' },
      payment_intent_data: { metadata: { order: 'order_1' } },
      adaptive_pricing: { enabled: false },
      ...more,
    });
  }

  /** The payment intent of a card payment that went through. */
  async paid(currency: 'usd' | 'cny' = 'usd', amount = 1_000): Promise<string> {
    const session = await this.checkout({}, currency, amount);
    return String(this.sandbox.pay(session.id).payment_intent);
  }

  /** What a signature allows to believe. @throws when one does not. */
  verified(secret = SECRET): Stripe.Event[] {
    return this.deliveries.map(({ headers, body }) =>
      this.stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret),
    );
  }

  /** The types of the events delivered since the last time. */
  async told(): Promise<string[]> {
    await this.sandbox.webhooksSent();
    const types = this.verified().map(({ type }) => type);
    this.deliveries.length = 0;
    return types;
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    this.receiver.closeAllConnections();
    await new Promise((resolve) => this.receiver.close(resolve));
  }
}
