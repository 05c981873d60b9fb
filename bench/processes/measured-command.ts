// Runs the command line of a build in this process and writes down what it used. Arguments: the file for the figures, the command
// line's file, and the command's own arguments.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readIfThere } from '../lib/processes.ts';

const [figures = '', program = '', ...args] = process.argv.slice(2);
const start = performance.now();
process.argv = [process.execPath, program, ...args];
process.once('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  // What getrusage(2) tells begins with the memory of whoever started this program (Linux, fs/exec.c), where proc_pid_status(5) tells its own.
  const [, peak = maxRSS] = /^VmHWM:\s+(\d+) kB$/m.exec(readIfThere('/proc/self/status') ?? '') ?? [];
  const used = { seconds: (performance.now() - start) / 1_000, maxRssBytes: Number(peak) * 1_024 };
  writeFileSync(figures, JSON.stringify({ ...used, cpuSeconds: (userCPUTime + systemCPUTime) / 1_000_000 }));
});
await import(pathToFileURL(program).href);
