// What stands in the navigation, by the words that people look for.
import type { LinkProps } from '@tanstack/react-router';
import type app from './en.json';

export interface NavigationLink {
  readonly to: NonNullable<LinkProps['to']>;
  /** Its text: nav.<label> of this folder's en.json. */
  readonly label: Exclude<keyof (typeof app)['nav'], 'group'>;
}

export const VISITOR_LINKS: readonly NavigationLink[] = [
  { to: '/pricing', label: 'pricing' },
  { to: '/docs', label: 'docs' },
  { to: '/status', label: 'status' },
];

export interface NavigationGroup {
  /** Who sees it: customers are everybody. */
  readonly role: 'customer' | 'finance' | 'operator';
  readonly links: readonly NavigationLink[];
}

export const GROUPS: readonly NavigationGroup[] = [
  {
    role: 'customer',
    links: [
      { to: '/overview', label: 'overview' },
      { to: '/topup', label: 'topup' },
      { to: '/keys', label: 'keys' },
      { to: '/usage', label: 'usage' },
      { to: '/ledger', label: 'ledger' },
      { to: '/playground', label: 'playground' },
      { to: '/statements', label: 'statements' },
      { to: '/account', label: 'account' },
    ],
  },
  {
    role: 'finance',
    links: [
      { to: '/finance', label: 'financeOverview' },
      { to: '/finance/search', label: 'financeSearch' },
      { to: '/finance/topups', label: 'financeTopups' },
      { to: '/finance/refunds', label: 'financeRefunds' },
      { to: '/finance/disputes', label: 'financeDisputes' },
      { to: '/finance/payouts', label: 'financePayouts' },
      { to: '/finance/reconciliation', label: 'financeReconciliation' },
      { to: '/finance/books', label: 'financeBooks' },
      { to: '/finance/close', label: 'financeClose' },
      { to: '/finance/exports', label: 'financeExports' },
      { to: '/finance/jobs', label: 'financeJobs' },
    ],
  },
  {
    role: 'operator',
    links: [
      { to: '/operator', label: 'operatorOverview' },
      { to: '/operator/accounts', label: 'operatorAccounts' },
      { to: '/operator/prices', label: 'operatorPrices' },
      { to: '/operator/reratings', label: 'operatorReratings' },
      { to: '/operator/queue', label: 'operatorQueue' },
      { to: '/operator/projections', label: 'operatorProjections' },
      { to: '/operator/integrity', label: 'operatorIntegrity' },
      { to: '/operator/jobs', label: 'operatorJobs' },
      { to: '/operator/providers', label: 'operatorProviders' },
      { to: '/operator/people', label: 'operatorPeople' },
    ],
  },
];
