export const ledgerAccountRoutes = [] as const;
export const ledgerOperatorRoutes = [] as const;
