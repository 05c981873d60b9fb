// Clients of Python: each is a script that does what there is to do and prints what came of it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CHAT_MODELS, type Feature, type Findings, type Place } from './features.js';

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const PYTHON = here('../../../.venv/bin/python');
/** Its OpenAI client is an older one than the others need. */
const LLAMA_INDEX_PYTHON = here('../../../.venv/llama-index/bin/python');

export const PYTHON_CLIENTS = [
  ['openai_client.py', PYTHON],
  ['anthropic_client.py', PYTHON],
  ['langchain_client.py', PYTHON],
  ['llama_index_client.py', LLAMA_INDEX_PYTHON],
] as const;

/** Whether the environments of these clients are here. */
export const hasPython = existsSync(PYTHON) && existsSync(LLAMA_INDEX_PYTHON);

export async function findOutInPython(
  [script, python]: (typeof PYTHON_CLIENTS)[number],
  place: Place,
): Promise<Findings> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    BASE_URL: place.baseUrl,
    API_KEY: place.key,
    MODELS: CHAT_MODELS.join(','),
  };
  const { stdout } = await run(python, [here(`../python/conformance/${script}`)], { env, maxBuffer: 1 << 24 });
  const told = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Omit<Findings, 'found'> & {
    readonly found: Record<Feature, true | string>;
  };
  return { ...told, found: new Map(Object.entries(told.found) as [Feature, true | string][]) };
}
