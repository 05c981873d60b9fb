// What every store of rate limits must do. The suite does not assume that it is alone in the store.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RateLimit, RateLimitStore, Verdict, Use } from '../../src/platform/http/index.js';

export interface OpenedRateLimitStore {
  readonly store: RateLimitStore;
  /** The same counts as another process has them; absent where no process shares them. */
  another?(): RateLimitStore;
  close(): Promise<void>;
}

const MINUTE = 60_000;

const limitOf = (points: number, windowSeconds = 60): RateLimit => ({
  name: `test-${randomUUID()}`,
  points,
  windowSeconds,
});
const use = (limit: RateLimit, id = 'a', points = 1): Use => ({ limit, id, points });
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const allowed = (calls: readonly (readonly Verdict[])[]): number =>
  calls.filter((verdicts) => verdicts.every((verdict) => verdict.allowed)).length;

export function rateLimitStoreContract(
  name: string,
  { open }: { open: () => OpenedRateLimitStore | Promise<OpenedRateLimitStore> },
): void {
  describe(`the rate limit store contract: ${name}`, () => {
    let opened: OpenedRateLimitStore;
    let store: RateLimitStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    /** The points that are left of a limit, by using them up. */
    async function left(limit: RateLimit, id = 'a'): Promise<number> {
      for (let count = 0; ; count++) {
        const [verdict] = await store.consume([use(limit, id)]);
        if (verdict?.allowed !== true) return count;
      }
    }

    it('allows what there are points for and refuses the rest, telling what is left and when it resets', async () => {
      const limit = limitOf(3);
      const verdicts: (Verdict | undefined)[] = [];
      for (let n = 0; n < 5; n++) verdicts.push((await store.consume([use(limit)]))[0]);
      expect(verdicts.map((verdict) => verdict?.allowed)).toEqual([true, true, true, false, false]);
      expect(verdicts.map((verdict) => verdict?.remaining)).toEqual([2, 1, 0, 0, 0]);
      for (const verdict of verdicts) {
        expect(verdict?.resetsInMs).toBeGreaterThan(0);
        expect(verdict?.resetsInMs).toBeLessThanOrEqual(MINUTE);
      }
    });

    it('takes several points at once, all or none of them allowed', async () => {
      const limit = limitOf(10);
      expect(await store.consume([use(limit, 'a', 7)])).toMatchObject([{ allowed: true, remaining: 3 }]);
      expect(await store.consume([use(limit, 'a', 4)])).toMatchObject([{ allowed: false, remaining: 0 }]);
    });

    describe('of a limit whose points may be given back', () => {
      const refundable = (points: number, windowSeconds = 60): RateLimit => ({
        ...limitOf(points, windowSeconds),
        refundable: true,
      });
      async function consume(wanted: Use): Promise<Verdict> {
        const [verdict] = await store.consume([wanted]);
        if (verdict === undefined) throw new Error('there is no verdict');
        return verdict;
      }

      it('tells how many were used, allowed or not', async () => {
        const limit = refundable(10);
        expect(await consume(use(limit, 'a', 7))).toMatchObject({ allowed: true, used: 7, remaining: 3 });
        expect(await consume(use(limit, 'a', 0))).toMatchObject({ allowed: true, used: 7 });
        expect(await consume(use(limit, 'a', 40))).toMatchObject({ allowed: false, used: 47, remaining: 0 });
        expect(await consume(use(limit, 'a', 0)), 'beyond it').toMatchObject({ allowed: false, used: 47 });
      });

      it('gives back a part of what was allowed', async () => {
        const limit = refundable(10);
        const verdict = await consume(use(limit, 'a', 7));
        await store.giveBack(use(limit, 'a', 5), verdict);
        expect(await left(limit)).toBe(8);
        expect(await left(limit, 'b'), 'to no one else').toBe(10);
      });

      it('allows what fits again when many that were refused were given back', async () => {
        const limit = refundable(10);
        await consume(use(limit, 'a', 6));
        const refused = use(limit, 'a', 9);
        const verdicts = await Promise.all(times(20, () => consume(refused)));
        expect(verdicts.filter((verdict) => verdict.allowed)).toEqual([]);
        await Promise.all(verdicts.map((verdict) => store.giveBack(refused, verdict)));
        expect(await left(limit)).toBe(4);
      });

      it('gives nothing back to a later window', async () => {
        const limit = refundable(3, 3);
        const wanted = use(limit, 'a', 3);
        const verdict = await consume(wanted);
        await delay(verdict.resetsInMs + 20);
        await store.giveBack(wanted, verdict);
        expect((await consume(wanted)).allowed).toBe(true);
        expect((await consume(use(limit))).allowed).toBe(false);
      });

      it('gives back to all processes', async () => {
        const other = opened.another?.();
        if (other === undefined) return;
        const limit = refundable(10);
        const verdict = await consume(use(limit, 'a', 10));
        expect(await other.consume([use(limit)])).toMatchObject([{ allowed: false }]);
        await store.giveBack(use(limit, 'a', 5), verdict);
        expect(await other.consume([use(limit)])).toMatchObject([{ allowed: true, used: 7 }]);
      });
    });

    it('of uses that race allows exactly what there are points for', async () => {
      const limit = limitOf(25);
      expect(allowed(await Promise.all(times(80, () => store.consume([use(limit)]))))).toBe(25);
    });

    it('of uses that race tells each what is used up to it, allowed or not', async () => {
      const limit = { ...limitOf(40), refundable: true };
      const points = times(60, (n) => 1 + (n % 2));
      const verdicts = (await Promise.all(points.map((each) => store.consume([use(limit, 'a', each)])))).flat();
      expect(verdicts.map(({ allowed: is, used }) => is === used <= 40)).not.toContain(false);
      // Some order of them adds up to these.
      const byUse = verdicts.map(({ used }, n) => [used, points[n] ?? 0] as const).toSorted((a, b) => a[0] - b[0]);
      let sum = 0;
      for (const [used, own] of byUse) expect(used).toBe((sum += own));
    });

    it('counts ids, and limits of another name or size, apart', async () => {
      const limit = limitOf(2);
      expect(await left(limit)).toBe(2);
      expect(await left(limit, 'b')).toBe(2);
      expect(await left({ ...limit, points: 5 })).toBe(5);
      expect(await left(limitOf(2))).toBe(2);
    });

    it('has all points again when the window has ended, which began with the first use', async () => {
      const limit = limitOf(2, 3);
      expect(await left(limit)).toBe(2);
      const [refused] = await store.consume([use(limit)]);
      expect(refused).toMatchObject({ allowed: false });
      expect(refused?.resetsInMs).toBeLessThanOrEqual(3_000);
      await delay((refused?.resetsInMs ?? 0) + 20);
      const verdicts = await Promise.all(times(2, () => store.consume([use(limit)])));
      expect(allowed(verdicts)).toBe(2);
      expect(Math.min(...verdicts.map(([verdict]) => verdict?.remaining ?? -1))).toBe(0);
    });

    it('tells how it stands with each limit of a call', async () => {
      const [key, account] = [limitOf(5), limitOf(9)];
      await store.consume([use(account)]);
      const verdicts = await store.consume([use(key), use(account)]);
      expect(verdicts).toMatchObject([
        { allowed: true, remaining: 4 },
        { allowed: true, remaining: 7 },
      ]);
      expect(await store.consume([])).toEqual([]);
    });

    it('counts nothing of a call after the use that is refused, and all before it', async () => {
      const [key, account] = [limitOf(2), limitOf(4)];
      const call = () => store.consume([use(key), use(account)]);
      await call();
      await call();
      expect(await call()).toMatchObject([{ allowed: false }]);
      expect(await left(account)).toBe(2);
      const another = limitOf(3);
      expect(await store.consume([use(another), use(account)])).toMatchObject([{ allowed: true }, { allowed: false }]);
      expect(await left(another)).toBe(2);
    });

    it('lets calls that one limit refuses, however many at once, take nothing of another', async () => {
      const [key, account] = [limitOf(5), limitOf(20)];
      const calls = await Promise.all(times(200, () => store.consume([use(key), use(account)])));
      expect(allowed(calls)).toBe(5);
      expect(calls.filter(([verdict]) => verdict?.allowed === false)).toHaveLength(195);
      expect(await left(account)).toBe(15);
    });

    it('keeps nobody from a limit for the sake of calls that another refuses, however many at once', async () => {
      const [key, another, account] = [limitOf(5), limitOf(20), limitOf(40)];
      const flood = Promise.all(times(300, () => store.consume([use(key), use(account)])));
      const calls: (readonly Verdict[])[] = [];
      for (let n = 0; n < 20; n++) calls.push(await store.consume([use(another), use(account)]));
      expect(allowed(calls)).toBe(20);
      expect(allowed(await flood)).toBe(5);
      expect(await left(account)).toBe(15);
    });

    it('counts as a list of numbers would', async () => {
      const anyUse = fc.record({
        limit: fc.constantFrom<0 | 1>(0, 1),
        id: fc.constantFrom('a', 'b'),
        points: fc.nat(3),
      });
      const anyCall = fc.uniqueArray(anyUse, { maxLength: 2, selector: ({ limit }) => limit });
      const histories = fc.array(anyCall, { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(histories, async (calls) => {
          const limits = [limitOf(4), limitOf(7)] as const;
          const used = new Map<string, number>();
          for (const call of calls) {
            const expected: Pick<Verdict, 'allowed' | 'remaining'>[] = [];
            for (const { limit, id, points } of call) {
              if (expected.at(-1)?.allowed === false) break;
              const total = (used.get(`${limit} ${id}`) ?? 0) + points;
              used.set(`${limit} ${id}`, total);
              const size = limits[limit].points;
              expected.push({ allowed: total <= size, remaining: Math.max(0, size - total) });
            }
            const uses = call.map(({ limit, id, points }) => use(limits[limit], id, points));
            const verdicts = await store.consume(uses);
            expect(verdicts.map(({ allowed: isAllowed, remaining }) => ({ allowed: isAllowed, remaining }))).toEqual(
              expected,
            );
          }
        }),
        { numRuns: 15 },
      );
    });

    it('allows two processes together what there are points for, also when they race', async () => {
      const other = opened.another?.();
      if (other === undefined) return; // declared by adapters of a single process
      const limit = limitOf(30);
      const racing = times(60, (n) => (n % 2 ? store : other).consume([use(limit)]));
      expect(allowed(await Promise.all(racing))).toBe(30);
      const next = limitOf(2);
      await other.consume([use(next)]);
      expect(await store.consume([use(next)])).toMatchObject([{ allowed: true, remaining: 0 }]);
      expect(await other.consume([use(next)])).toMatchObject([{ allowed: false }]);
    });

    it('gives two processes their points back at the same time', async () => {
      const other = opened.another?.();
      if (other === undefined) return;
      const limit = limitOf(3, 3);
      const [first] = await store.consume([use(limit, 'a', 3)]);
      expect(await other.consume([use(limit)])).toMatchObject([{ allowed: false }]);
      await delay((first?.resetsInMs ?? 0) + 20);
      const calls = times(10, (n) => (n % 2 ? store : other).consume([use(limit)]));
      expect(allowed(await Promise.all(calls))).toBe(3);
    });
  });
}
