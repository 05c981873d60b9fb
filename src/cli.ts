#!/usr/bin/env node
// The `tokenhub` command line: the same modules as the gateway, on the same files, also while a gateway runs.
import 'reflect-metadata';
import { tokenhub } from './cli/program.js';
import { watchStandardStreams } from './cli/standard-streams.js';

watchStandardStreams();
try {
  await tokenhub().parseAsync();
} catch (error) {
  const { fail } = await import('./cli/fail.js');
  await fail(error);
  // A store that was opened before the failure, and can't be closed any more, must not keep the process.
  process.exit();
}
