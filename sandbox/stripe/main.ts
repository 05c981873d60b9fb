// Runs the sandbox Stripe as a process: `node dist/sandbox/stripe/main.js --port 4020 --webhook
// http://127.0.0.1:8080/webhooks/stripe --secret whsec_…`. Prints one line of JSON, {"url":…,"secretKey":…}, when it
// listens. Ends on SIGTERM and SIGINT.
import { parseArgs } from 'node:util';
import { startSandboxStripe } from './sandbox-stripe.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    webhook: { type: 'string' },
    secret: { type: 'string', multiple: true, default: [] },
  },
});
const { webhook: url, secret: secrets } = values;
const sandbox = await startSandboxStripe({
  port: Number(values.port),
  ...(url === undefined ? {} : { webhook: { url, secrets } }),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void sandbox.close());
process.stdout.write(`${JSON.stringify({ url: sandbox.url, secretKey: sandbox.secretKey })}\n`);
