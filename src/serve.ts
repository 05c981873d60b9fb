import 'reflect-metadata';
import { ConfigurationError, loadConfig } from './platform/config.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

async function main(): Promise<void> {
  const config = loadConfig();
  // All else takes a second to load: whoever has to mend the configuration is told first.
  const { startGateway } = await import('./start-gateway.js');
  const { createLogger } = await import('./platform/index.js');
  const { Welcome } = await import('./demo/index.js');
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
