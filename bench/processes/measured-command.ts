// Runs the command line of a build in this process and writes down what it used. Arguments: the file for the figures, the command
// line's file, and the command's own arguments.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [figures = '', program = '', ...args] = process.argv.slice(2);
const start = performance.now();
process.argv = [process.execPath, program, ...args];
process.once('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const used = { seconds: (performance.now() - start) / 1_000, maxRssBytes: maxRSS * 1_024 };
  writeFileSync(figures, JSON.stringify({ ...used, cpuSeconds: (userCPUTime + systemCPUTime) / 1_000_000 }));
});
await import(pathToFileURL(program).href);
