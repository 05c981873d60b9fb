// Runs the sandbox provider as a process: `node dist/sandbox/provider/main.js --port 4010 --usage-log usage.jsonl
// --knobs "delay=20"`. Prints one line of JSON, {"url":…}, when it listens. Ends on SIGTERM and SIGINT.
import { parseArgs } from 'node:util';
import { parseKnobText } from './knobs.js';
import { startSandboxProvider } from './provider.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'usage-log': { type: 'string' },
    knobs: { type: 'string', default: '' },
  },
});
const usageLogFile = values['usage-log'];
const provider = await startSandboxProvider({
  port: Number(values.port),
  knobs: parseKnobText(values.knobs),
  ...(usageLogFile === undefined ? {} : { usageLogFile }),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void provider.close());
process.stdout.write(`${JSON.stringify({ url: provider.url })}\n`);
