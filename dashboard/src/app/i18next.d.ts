// The texts that exist: a key that is in no en.json does not compile.
import 'i18next';
import type app from './en.json';
import type ui from '../ui/en.json';
import type visitors from '../features/visitors/en.json';
import type docs from '../features/visitors/docs/en.json';
import type identity from '../features/identity/en.json';
import type payments from '../features/payments/en.json';
import type usage from '../features/usage/en.json';
import type ledger from '../features/ledger/en.json';
import type finance from '../features/finance/en.json';
import type operators from '../features/operators/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: {
      app: typeof app;
      ui: typeof ui;
      visitors: typeof visitors;
      docs: typeof docs;
      identity: typeof identity;
      payments: typeof payments;
      usage: typeof usage;
      ledger: typeof ledger;
      finance: typeof finance;
      operators: typeof operators;
      /** By the sentence or the code that /api answers. */
      answers: Readonly<Record<string, string>>;
    };
  }
}
