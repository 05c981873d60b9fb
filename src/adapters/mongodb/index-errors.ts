/** An index exists that is not the one needed. It stays as it is, because nobody knows who made it and why. */
export class IndexConflict extends Error {
  override readonly name = 'IndexConflict';
}

/** A unique index can't be made, because documents share a value. All other indexes were made. */
export class DuplicateValues extends Error {
  override readonly name = 'DuplicateValues';
}
