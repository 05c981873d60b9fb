// What keys have spent, from the read models.
import { Injectable } from '@nestjs/common';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { add, type Amount, dayOf, formatUsd, toInstant, usd, ZERO } from '../../kernel/index.js';
import { keyUse, type KeyUseRow, usageByDay } from '../../ledger/index.js';
import { usageRowsOf } from '../usage/usage-rows.js';
import type { ListedKey } from './keys.dto.js';

export type Spending = Pick<ListedKey, 'spent' | 'calls' | 'last_used_at'>;

interface Recent {
  today: Amount;
  month: Amount;
}

@Injectable()
export class KeySpending {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
  ) {}

  /** What each of these keys has spent until now. @throws ViewBehind */
  async of(accountId: string, keyIds: readonly string[], now: number): Promise<(keyId: string) => Spending> {
    await Promise.all([this.waitFor.head(keyUse.view), this.waitFor.head(usageByDay.view)]);
    const [used, recent] = await Promise.all([
      this.readModels.load(keyUse.view, keyIds),
      this.#thisMonth(accountId, dayOf(toInstant(now))),
    ]);
    return (keyId) => {
      const row = used.get(keyId)?.doc as KeyUseRow | undefined;
      const { today = ZERO, month = ZERO } = recent.get(keyId) ?? {};
      return {
        spent: { today: formatUsd(today), this_month: formatUsd(month), total: row?.spent ?? '0.00' },
        calls: row?.calls ?? 0,
        last_used_at: row?.lastUsedAt ?? null,
      };
    };
  }

  async #thisMonth(accountId: string, today: string): Promise<ReadonlyMap<string, Recent>> {
    const recent = new Map<string, Recent>();
    for await (const { keyId, day, cost } of usageRowsOf(this.readModels, accountId, `${today.slice(0, 7)}-01`)) {
      const before = recent.get(keyId) ?? { today: ZERO, month: ZERO };
      const spent = usd(cost);
      recent.set(keyId, {
        today: day === today ? add(before.today, spent) : before.today,
        month: add(before.month, spent),
      });
    }
    return recent;
  }
}
