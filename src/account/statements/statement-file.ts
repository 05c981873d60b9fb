// A statement in the form that was asked for.
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { csvFile } from '../../platform/http/index.js';
import { dayOf } from '../../kernel/index.js';
import { STATEMENT_COLUMNS, statementRows } from './statement-csv.js';
import { statementJson } from './statement-json.js';
import { statementPdf } from './statement-pdf.js';
import type { StatementSeals } from './statement-proof.js';
import { openStatement, type StatementPeriod, type StatementStores } from './statement.js';

export const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

export interface StatementWish extends StatementPeriod {
  readonly accountId: string;
  readonly format: StatementFormat;
}

/** An account's statement as a file, made while it is read. */
export async function statementFile(
  stores: StatementStores,
  wish: StatementWish,
  seals: StatementSeals | undefined,
): Promise<StreamableFile> {
  const statement = await openStatement(stores, wish.accountId, wish);
  const name = `statement-${dayOf(wish.from)}-to-${dayOf(wish.to)}.${wish.format}`;
  if (wish.format === 'csv') return csvFile(name, STATEMENT_COLUMNS, statementRows(statement));
  const disposition = `attachment; filename="${name}"`;
  return wish.format === 'json'
    ? new StreamableFile(Readable.from(statementJson(stores.store, statement, seals)), {
        type: 'application/json',
        disposition,
      })
    : new StreamableFile(await statementPdf(statement), { type: 'application/pdf', disposition });
}
