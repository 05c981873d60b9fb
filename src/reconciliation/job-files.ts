import { Injectable } from '@nestjs/common';
import { Clock, DAY_MS, type JsonObject, refuse, Refused, toInstant } from '../kernel/index.js';
import { type Collection, DocumentStore } from '../platform/documents/index.js';

/** The most that a request has of them: a document of MongoDB has at most 16 MiB. */
export const MOST_BYTES = 4_194_304;
/** Longer than a job waits for a store that is away. */
const KEPT_MS = 7 * DAY_MS;

interface Files extends JsonObject {
  readonly texts: readonly string[];
  readonly createdAt: string;
}

const FILES: Collection<Files> = { name: 'reconciliation-files-1', unique: [], indexes: ['createdAt'] };

/** The files that a job reads, kept until it has: they are too large for its input, which whoever looks at the job reads. */
@Injectable()
export class JobFiles {
  constructor(
    private readonly documents: DocumentStore,
    private readonly clock: Clock,
  ) {}

  /** Keeps the files of a job; those of jobs that were cancelled before they began go away after a week. */
  async keep(jobId: string, texts: readonly string[]): Promise<void> {
    const now = this.clock.now();
    await this.documents.remove(FILES, { below: { createdAt: toInstant(now - KEPT_MS) } });
    await this.documents.insert(FILES, jobId, { texts, createdAt: toInstant(now) });
  }

  /** @throws Refused `files_gone` */
  async of(jobId: string): Promise<readonly string[]> {
    const found = await this.documents.get(FILES, jobId);
    if (found !== undefined) return found.doc.texts;
    throw new Refused(refuse('conflict', 'files_gone', 'The files of this job are no longer kept. Send them again.'));
  }

  async remove(jobId: string): Promise<void> {
    await this.documents.remove(FILES, { where: { id: jobId } });
  }
}
