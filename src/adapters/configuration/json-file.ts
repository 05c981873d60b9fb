// Reads a JSON file of the configuration. Its faults are sentences for the person at the terminal.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { withoutByteOrderMark } from '../../kernel/index.js';
import { ConfigurationError } from '../../platform/config.js';

/** @throws ConfigurationError naming the variable, the path and every fault. */
export function readJsonFile<T extends z.ZodType>(variable: string, path: string, schema: T): z.infer<T> {
  let content: unknown;
  try {
    content = JSON.parse(withoutByteOrderMark(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new ConfigurationError(`${variable}=${path} can’t be read: ${(error as Error).message}`);
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  throw new ConfigurationError(`${variable}=${path} can’t be used:\n${z.prettifyError(result.error)}`);
}
