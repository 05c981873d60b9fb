import mongoose, { Schema, type SchemaOptions } from 'mongoose';
import type { ViewDefinition } from '../../event-store/index.js';
import { pathOf } from './mongodb-queries.js';

/** For every schema of ours: an unknown field is refused, empty objects are kept, and nothing happens but what the code says. */
export const STRICT = {
  strict: 'throw',
  strictQuery: 'throw',
  minimize: false,
  versionKey: false,
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
} as const satisfies SchemaOptions;

/** A row as it is stored. `doc` is any JSON, as mongodb-json.ts writes it. */
export interface StoredRow {
  readonly _id: string;
  readonly position: number;
  readonly doc: Record<string, unknown>;
}

/** The schema of a view's rows, with the indexes of its queries. The id at the end lets an index also serve the order of pages. */
export function rowSchemaOf(view: ViewDefinition): Schema<StoredRow> {
  const required = true;
  const schema = new Schema<StoredRow>(
    {
      _id: { type: String, required },
      position: { type: Number, required },
      doc: { type: Schema.Types.Mixed, required },
    },
    STRICT,
  );
  for (const fields of view.indexes) {
    const keys = Object.fromEntries(fields.map((field) => [pathOf(field), 1] as const));
    schema.index({ ...keys, _id: 1 }, { name: `by_${fields.join('_')}` });
  }
  return schema;
}

export const DUPLICATE_KEY = 11_000;

export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === DUPLICATE_KEY;
