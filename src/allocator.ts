// How the C library gives memory back, which holds whatever is not in V8's heap.

/**
 * glibc's own rule learns from what is freed: once a body or a snapshot of megabytes was, memory of that size no longer goes back to the system, and each thread keeps its
 * share apart. With these, all from 128 KiB on goes back, and threads share two arenas (man7.org/linux/man-pages/man3/mallopt.3.html).
 */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' };

/**
 * The C library reads its variables when a program begins. Where one is not set, this program begins once more with it, as the same process; the values of
 * those that are set stay. A process that was forked has a channel to its parent, which would not survive that.
 */
export function allocateSparingly(): void {
  const { env, execPath, execArgv, argv, platform } = process;
  const isSet = Object.keys(ALLOCATOR).every((name) => env[name] !== undefined);
  if (isSet || platform !== 'linux' || process.connected) return;
  process.execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...ALLOCATOR, ...env });
}
