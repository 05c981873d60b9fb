import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { rowSchemaOf } from './mongodb-schema.js';

describe('the schema of rows', () => {
  const schema = rowSchemaOf({ name: 'charges-1', indexes: [['status', 'expiresAt'], ['requestId']] });
  const Row = mongoose.createConnection().model('row', schema);
  const row = { _id: 'a', position: 1, doc: { any: { thing: [] } } };

  it('takes an id, a position and a document of any shape', () => {
    expect(new Row(row).toObject()).toEqual(row);
    expect(new Row({ ...row, doc: {} }).toObject()).toEqual({ ...row, doc: {} });
  });

  it('refuses a field that it does not know, in a row and in a query', async () => {
    expect(() => new Row({ ...row, extra: 1 })).toThrow(mongoose.Error.StrictModeError);
    await expect(Row.findOne({ extra: 1 }).exec()).rejects.toThrow(mongoose.Error.StrictModeError);
  });

  it('has the indexes of its view, each with the id at its end', () => {
    expect(schema.indexes().map(([keys, options]) => [keys, options?.['name']])).toEqual([
      [{ 'doc.status': 1, 'doc.expiresAt': 1, _id: 1 }, 'by_status_expiresAt'],
      [{ 'doc.requestId': 1, _id: 1 }, 'by_requestId'],
    ]);
  });
});
