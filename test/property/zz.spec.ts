import * as fc from 'fast-check';
import { it } from 'vitest';
import { anything, histories } from '../support/ledger/histories.js';
import { play } from '../support/ledger/play.js';
it('stats', () => {
  const c: Record<string, number> = {};
  let n = 0,
    steps = 0;
  fc.assert(
    fc.property(histories(anything), (s) => {
      n++;
      steps += s.length;
      play(s, ({ command, events, refusal }) => {
        for (const e of events) {
          const d = e.data as any;
          const k =
            e.type +
            (d.late ? ' late' : '') +
            (d.uncovered ? ' uncovered' : '') +
            (d.overage ? ' over' : '') +
            (d.coveredDebt ? ' covers' : '');
          c[k] = (c[k] ?? 0) + 1;
        }
        if (refusal) c[command.type + ' ' + refusal.code] = (c[command.type + ' ' + refusal.code] ?? 0) + 1;
        else if (!events.length) c[command.type + ' nothing'] = (c[command.type + ' nothing'] ?? 0) + 1;
      });
    }),
    { numRuns: 300 },
  );
  console.log(n, steps / n, c);
});
