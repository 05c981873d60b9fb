// The walls: which folder may import which. `npm run check` holds them, and test/walls.spec.ts sees each of them hold.

/** Each folder of src, from the innermost, with the folders it may import. A folder that is not here may not be imported, nor import. */
const MAY_IMPORT = {
  kernel: [],
  'event-store': ['kernel'],
  ledger: ['kernel', 'event-store'],
  platform: ['kernel', 'event-store'],
  pricing: ['kernel', 'event-store', 'ledger'],
  keys: ['kernel', 'event-store', 'ledger', 'pricing', 'platform'],
  proxy: ['kernel', 'event-store', 'ledger', 'pricing', 'keys', 'platform'],
  identity: ['kernel', 'event-store', 'ledger', 'platform'],
  rerating: ['kernel', 'event-store', 'ledger', 'pricing', 'platform'],
  payments: ['kernel', 'event-store', 'ledger', 'pricing', 'platform', 'identity', 'rerating'],
  seals: ['kernel', 'event-store', 'platform'],
  reconciliation: ['kernel', 'event-store', 'ledger', 'pricing', 'platform', 'identity', 'payments'],
  books: ['kernel', 'event-store', 'ledger', 'pricing', 'platform', 'payments', 'seals', 'rerating', 'reconciliation'],
  finance: ['kernel', 'event-store', 'ledger', 'platform', 'identity', 'payments', 'seals', 'reconciliation', 'books'],
  account: ['kernel', 'event-store', 'ledger', 'pricing', 'keys', 'platform', 'identity', 'seals'],
  operations: [
    'kernel',
    'event-store',
    'ledger',
    'pricing',
    'platform',
    'identity',
    'payments',
    'proxy',
    'seals',
    'rerating',
    'reconciliation',
    'books',
  ],
  demo: ['kernel', 'event-store', 'ledger', 'pricing', 'keys', 'platform', 'proxy'],
  dashboard: ['platform'],
};
const FEATURES = Object.keys(MAY_IMPORT);
/** Around the features: they may import every one of them. */
const OUTSIDE = { adapters: FEATURES, cli: [...FEATURES, 'adapters'] };
export const FOLDERS = { ...MAY_IMPORT, ...OUTSIDE };

const anyOf = (names) => `(?:${names.join('|')})`;
const SPEC = '\\.spec\\.ts$';

/** What is pure by its role: a function of its arguments, without Nest, clock or input and output. */
const PURE = [
  '^src/kernel/',
  '^src/proxy/wire/',
  '^src/(?:event-store|ledger|pricing)/(?!.*(?:\\.(?:module|handlers|messages)|accounts|price-lists)\\.ts$)',
  '\\.(?:projection|decider|events|commands|state|evolve)\\.ts$',
  '/postings\\.ts$',
];

const direction = Object.entries(FOLDERS).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} imports ${others.length === 0 ? 'nothing of ours' : others.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^(?:src|sandbox|dashboard|test|bench|scripts)/', pathNot: `^src/${anyOf([folder, ...others])}/` },
}));

export default {
  forbidden: [
    ...direction.map((rule) =>
      rule.name === 'adapters-imports'
        ? { ...rule, to: { ...rule.to, pathNot: [rule.to.pathNot, '^sandbox/'] } }
        : rule,
    ),
    {
      name: 'every-folder-has-a-wall',
      comment: 'A new folder of src stands in MAY_IMPORT of .dependency-cruiser.mjs.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/${anyOf(Object.keys(FOLDERS))}/` },
      to: {},
    },
    {
      name: 'through-the-index',
      comment:
        'A folder is seen through an index.ts of it. The configuration, and what assembles the adapters, are files of their own.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/[^/]+/',
        pathNot: [
          '^src/$1/',
          '/index\\.ts$',
          '^src/platform/(?:config|config-fields|reality)\\.ts$',
          '^src/adapters/[^/]+\\.ts$',
        ],
      },
    },
    {
      name: 'sandbox-imports',
      comment: 'The sandboxes stand for other people’s servers: they know the kernel and the ports of the platform.',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: {
        path: '^(?:src|dashboard|test|bench|scripts)/',
        pathNot: '^src/(?:kernel|platform/(?:documents|mail|http))/index\\.ts$',
      },
    },
    {
      name: 'sandbox-only-when-needed',
      comment: 'A sandbox is loaded by a dynamic import, as production has none.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^sandbox/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'pure-without-nest',
      comment: 'Deciders, projections, postings, prices, wire formats and the kernel are pure: no Nest in them.',
      severity: 'error',
      from: { path: PURE },
      to: { path: '(?:^|node_modules/)@nestjs/' },
    },
    {
      name: 'pure-without-io',
      comment: 'Decisions and wire formats read no file and open no connection.',
      severity: 'error',
      from: { path: '^src/(?:proxy/wire|ledger)/' },
      to: {
        path: '^(?:node:)?(?:fs|http|https|net|child_process|worker_threads)$|(?:^|node_modules/)(?:undici|fastify)/',
      },
    },
    {
      name: 'wire-imports',
      comment: 'Wire formats know the kernel and how usage is priced, each through its index.',
      severity: 'error',
      from: { path: '^src/proxy/wire/' },
      to: { path: '^src/', pathNot: ['^src/proxy/wire/', '^src/(?:kernel|pricing)/index\\.ts$'] },
    },
    {
      name: 'no-cycle',
      comment: 'Files that import each other can’t be understood one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-folder-cycle',
      comment: 'Folders that import each other are one folder.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(?:src|sandbox)/' },
      to: { circular: true },
    },
    {
      name: 'pages-apart',
      comment: 'The pages of one feature know nothing of those of another.',
      severity: 'error',
      from: { path: '^dashboard/src/features/([^/]+)/' },
      to: { path: '^dashboard/src/features/', pathNot: '^dashboard/src/features/$1/' },
    },
    {
      name: 'parts-know-no-page',
      comment: 'What pages are made of, and how they call the gateway, knows no page and no route, only the language.',
      severity: 'error',
      from: { path: '^dashboard/src/(?:ui|api)/' },
      to: { path: '^dashboard/src/(?:features|app)/', pathNot: '^dashboard/src/app/i18n\\.ts$' },
    },
    {
      name: 'pages-over-the-api',
      comment: 'Pages call /api; they import nothing of the gateway.',
      severity: 'error',
      from: { path: '^dashboard/src/' },
      to: { path: '^(?:src|sandbox|test|bench|scripts)/' },
    },
    {
      name: 'resolvable',
      comment: 'What is imported must be there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', SPEC] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
