// How many connections clients may have: each call has one of theirs and one to a provider, and stores need some, too.

/** For stores, logs, the program's own files, and connections that are being turned away. */
const RESERVED = 128;
/** Where the system sets no limit, or one that is larger than memory is. */
const MOST = 20_000;
const LEAST = 16;

/** How many connections a server may take by the number of files that this process may have open (`ulimit -n`). */
export function connectionsBy(descriptors: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.floor((descriptors - RESERVED) / 2)));
}

/** What the system lets this process have open. Infinity where it does not say. */
export function descriptorLimit(): number {
  const { report } = process;
  Object.assign(report, { excludeNetwork: true }); // it would ask for the names of all peers
  const { userLimits } = report.getReport() as { readonly userLimits?: { readonly open_files?: { soft: unknown } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Infinity;
}
