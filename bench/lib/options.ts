// What the benchmarks take from the command line.
import { parseArgs } from 'node:util';

/** A file in the environment is a gateway's own ledger, and none to measure on. */
function fromEnvironment(name: string): string | undefined {
  const url = process.env[name];
  return url === undefined || url === '' || url.startsWith('sqlite:') ? undefined : url;
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** The JSON of an earlier run, to compare this one with. */
    against: { type: 'string' },
    /** The build to measure, `dist` when not given; `npm run bench` takes several, and measures them in turn. */
    dist: { type: 'string', multiple: true },
    /** Where the ledger lies; `data` when not given. */
    folder: { type: 'string', default: 'data' },
    /** A server for the events, esdb://…, or `stand-in`; EVENT_STORE_URL without it. Files in `folder` where neither names one. */
    'event-store': { type: 'string', default: fromEnvironment('EVENT_STORE_URL') },
    /** A server for the read models, mongodb://…, or `stand-in`; READ_MODEL_URL without it. */
    'read-models': { type: 'string', default: fromEnvironment('READ_MODEL_URL') },
    /** How many gateways bench:scale runs on the same servers, one number after another. */
    gateways: { type: 'string', default: '1,2,4' },
    /** How many calls bench:memory makes. */
    calls: { type: 'string', default: '1000000' },
    /** The most events of a ledger that bench:replay makes. */
    events: { type: 'string', default: '1000000' },
    /** A folder in which bench:replay keeps its ledgers, or finds those of an earlier run. */
    ledgers: { type: 'string' },
    /** A folder that gets a CPU profile of the gateway. */
    'cpu-prof': { type: 'string' },
  },
});

export const { quick, json, against, folder: dataFolder, 'cpu-prof': profileFolder } = values;
const [firstDist = 'dist', ...otherDists] = values.dist ?? [];
export const dists: readonly [string, ...string[]] = [firstDist, ...otherDists];
export const { ledgers } = values;
export const most = Number(values.events);
export const calls = Number(values.calls);
export const gateways = values.gateways.split(',').map(Number);
export const { 'event-store': eventStoreServer, 'read-models': readModelServer } = values;

for (const url of [eventStoreServer, readModelServer]) {
  if (url?.startsWith('sqlite:')) throw new Error('A run on files makes its own: name their folder with --folder.');
}
