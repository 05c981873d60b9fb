import 'reflect-metadata';
import { Welcome } from './demo/index.js';
import { ConfigurationError, loadConfig } from './platform/config.js';
import { createLogger } from './platform/index.js';
import { startGateway } from './start-gateway.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

async function main(): Promise<void> {
  const config = loadConfig();
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
    process.exit(0); // no request is under way yet
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  const app = await startGateway(config, createLogger(config), stopped.signal);
  for (const signal of SIGNALS) process.off(signal, stop);
  app.enableShutdownHooks([...SIGNALS]);
  app.get(Welcome).announce(await app.getUrl());
}

try {
  await main();
} catch (error) {
  // A fault that the person at the terminal can mend is printed as a sentence; a fault of ours shows its stack.
  const known = error instanceof ConfigurationError || (error instanceof Error && 'code' in error);
  console.error(known ? (error as Error).message : error);
  process.exit(1);
}
