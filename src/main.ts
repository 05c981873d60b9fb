import 'reflect-metadata';
import { ConfigurationError, loadConfig } from './config.js';
import { Welcome } from './demo/index.js';
import { createGateway } from './gateway.js';

async function main(): Promise<void> {
  const config = loadConfig();
  const app = await createGateway(config);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await app.listen(config.PORT, config.HOST);
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
