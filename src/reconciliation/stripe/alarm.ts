// The alarm of the reconciliation, as finance reads it in either language. Pure.
import { createHash } from 'node:crypto';
import { countOf, dayOf } from '../../kernel/index.js';
import { moneyText } from '../../payments/index.js';
import type { Written } from '../../platform/mail/index.js';
import type { ItemRow } from './items.projection.js';
import { ageDays } from './report.js';
import type { Comparison } from './reconciliation.events.js';

export interface Alarm {
  /** The same for the same differences of a day, so that each is told once. Letters, digits and hyphens. */
  readonly id: string;
  /** In one line, for the log. */
  readonly line: string;
  readonly email: Written;
}

/** So many items are named; all are counted. */
const NAMED = 20;

const TO_DO = {
  en: 'See /api/finance/reconciliation/items, or run "tokenhub reconcile list". To close an item, one person proposes how ("tokenhub reconcile resolve"), and another approves it.',
  zh: '请在“财务 › 对账”中查看，或运行 "tokenhub reconcile list"。结清一项需要两个人：一人提出方案（"tokenhub reconcile resolve"），另一人批准。',
} as const;

/**
 * The alarm about what does not agree after the last of the days that were compared; undefined when everything agrees, or what is missing may
 * still come.
 */
export function alarmOf(last: Comparison, items: readonly ItemRow[], now: number): Alarm | undefined {
  const open = items.filter(({ status }) => status !== 'pending').toSorted((a, b) => (a.date < b.date ? -1 : 1));
  const unexplained = unexplainedIn(last);
  if (open.length === 0 && unexplained.length === 0) return undefined;
  const counts = Map.groupBy(open, ({ status }) => status);
  const what = [
    ...Array.from(counts, ([status, of]) => `${of.length} ${status}`),
    ...unexplained.map((amount) => `a difference of ${amount} that no open item explains`),
  ].join(', ');
  const named = open.slice(0, NAMED).map((item) => lineOf(item, now));
  const more = open.length > NAMED ? [`… and ${open.length - NAMED} more.`] : [];
  const seen = JSON.stringify([
    open.map(({ itemId, status, sides }) => [itemId, status, sides.corrections]),
    unexplained,
  ]);
  return {
    id: `reconciliation-${last.day}-${createHash('sha256').update(seen).digest('hex').slice(0, 32)}`,
    line: what,
    email: (language) => {
      const lines = open.length > 0 ? [[...named, ...more].join('\n')] : [];
      if (language === 'en')
        return {
          subject: 'Stripe and the ledger do not agree',
          body: [
            `After the comparison of ${last.day} (UTC), Stripe and the ledger do not agree: ${what}.`,
            ...lines,
            TO_DO.en,
          ],
        };
      return {
        subject: 'Stripe 与账本不一致',
        body: [`${last.day}（UTC）的对账显示，Stripe 与账本不一致：${what}。`, ...lines, TO_DO.zh],
      };
    },
  };
}

/** The alarm that days can't be compared. */
export function cannotRun(today: string, reason: string): Alarm {
  return {
    id: `reconciliation-failed-${today}`,
    line: reason,
    email: (language) =>
      language === 'en'
        ? {
            subject: 'Stripe could not be compared with the ledger',
            body: [
              `The daily comparison with Stripe has not worked today (${today}, UTC). The reason given was: ${reason}.`,
              'It is tried again every hour, and catches up on the days that it has missed. Until then, nobody knows whether Stripe and the ledger agree.',
              'The log of the gateways says more. A restricted key of Stripe’s must be allowed to read balance transactions and payouts.',
            ],
          }
        : {
            subject: '无法将 Stripe 与账本对账',
            body: [
              `今天（${today}，UTC）与 Stripe 的每日对账未能完成。给出的原因：${reason}。`,
              '系统每小时重试一次，并补上错过的日期。在此之前，无法知道 Stripe 与账本是否一致。',
              '网关的日志中有更多信息。Stripe 的受限密钥必须允许读取余额流水（balance transactions）和提现（payouts）。',
            ],
          },
  };
}

/** What Stripe’s balance exceeds the ledger’s by beyond what open items explain. */
const unexplainedIn = ({ totals }: Comparison): string[] =>
  totals.flatMap(({ currency, closingMinor, ledgerMinor, explainedMinor }) => {
    const rest = closingMinor === undefined ? 0 : closingMinor - ledgerMinor - explainedMinor;
    return rest === 0 ? [] : [moneyText(rest, currency)];
  });

function lineOf({ itemId, status, date, sides }: ItemRow, now: number): string {
  const by = sides.corrections.map(({ currency, amountMinor, feeMinor }) =>
    moneyText(amountMinor - feeMinor, currency),
  );
  return `${itemId}  ${status}  ${dayOf(date)} (${countOf(ageDays(date, now), 'day')})  ${by.join(', ')}`;
}
