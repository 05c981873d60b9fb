import { readFileSync } from 'node:fs';
import type { Usage, UsageLine } from '../../../sandbox/provider/index.js';

/** What a sandbox provider that writes its usage log there has answered with 200, oldest first. */
export const readUsageLog = <Block = Usage>(path: string): UsageLine<Block>[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): UsageLine<Block> => JSON.parse(line));
