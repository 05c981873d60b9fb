import type { Reporter, TestModule } from 'vitest/node';

const MS_PER_SECOND = 1_000;

/** Closes a run with a line for each project, and one that tools and people read: how many tests passed, failed and were skipped. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    for (const [name, members] of Map.groupBy(modules, ({ project }) => project.name)) {
      const tests = members.reduce((sum, module) => sum + [...module.children.allTests()].length, 0);
      console.log(`${name}: ${tests} tests, ${secondsOf(members)} s one after another`);
    }
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state]++;
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed++;
    }
    const skipped = counts.skipped + counts.pending;
    // In CI everything that tests need is there, so a skip hides something.
    if (skipped > 0 && process.env['CI']) {
      console.error(`${skipped} tests were skipped; in CI that is a failure.`);
      process.exitCode = 1;
    }
    console.log(`\n${counts.passed} passed, ${counts.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  }
}

function secondsOf(modules: readonly TestModule[]): number {
  const durations = modules.map((module) => module.diagnostic());
  const milliseconds = durations.reduce((sum, { duration, collectDuration }) => sum + duration + collectDuration, 0);
  return Math.round(milliseconds / MS_PER_SECOND);
}
