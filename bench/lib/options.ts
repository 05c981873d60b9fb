// What both benchmarks take from the command line.
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** The build to measure; another one than `dist` to compare two. */
    dist: { type: 'string', default: 'dist' },
    /** Where the ledger lies; `data` when not given. */
    folder: { type: 'string', default: 'data' },
    /** A folder that gets a CPU profile of the gateway. */
    'cpu-prof': { type: 'string' },
  },
});

export const { quick, json, dist, folder: dataFolder, 'cpu-prof': profileFolder } = values;
