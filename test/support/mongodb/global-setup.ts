// One MongoDB server for all specs of a project of vitest.config.ts.
import type { TestProject } from 'vitest/node';
import { startMongoServer } from './mongodb-server.js';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startMongoServer();
  project.provide('mongoUrl', server.base);
  return () => server.stop();
}
