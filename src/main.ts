import 'reflect-metadata';
import { arrive } from './arrival.js';
import { ConfigurationError, loadConfig } from './platform/config.js';
import { Welcome } from './demo/index.js';
import { createLogger } from './platform/index.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

async function main(): Promise<void> {
  const config = loadConfig();
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
    process.exit(0); // nothing is under way
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  const app = await arrive(config, createLogger(config), stopped.signal);
  for (const signal of SIGNALS) process.off(signal, stop);
  app.enableShutdownHooks([...SIGNALS]);
  app.get(Welcome).announce(await app.getUrl());
}

try {
  await main();
} catch (error) {
  // What the person at the terminal can mend is a sentence; the rest is a fault of ours and shows its stack.
  const known = error instanceof ConfigurationError || (error instanceof Error && 'code' in error);
  console.error(known ? (error as Error).message : error);
  process.exit(1);
}
