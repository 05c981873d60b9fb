import { describe, expect, it } from 'vitest';
import { MemoryDocumentStore } from '../../src/adapters/memory/memory-document-store.js';
import { SystemClock } from '../../src/kernel/index.js';
import { SandboxMailbox } from '../../sandbox/mailbox/index.js';
import { mailerContract } from './mailer.contract.js';

mailerContract('sandbox mailbox', async () => {
  const documents = new MemoryDocumentStore();
  const mailer = new SandboxMailbox(documents, new SystemClock());
  return {
    mailer,
    async arrived() {
      const mails = await mailer.newest();
      return mails.toReversed().map(({ doc: { to, subject, text } }) => ({ to, subject, text }));
    },
    close: () => documents.close(),
  };
});

describe('the sandbox mailbox', () => {
  it('tells of each message with its link, and keeps the newest 200', async () => {
    const told: (string | undefined)[] = [];
    const mailbox = new SandboxMailbox(new MemoryDocumentStore(), new SystemClock(), (_to, link) => told.push(link));
    for (let n = 0; n < 201; n++) {
      await mailbox.send({ to: 'ada@example.com', subject: `${n}`, text: `see https://hub.example.com/${n}\n\nBye` });
    }
    const kept = await mailbox.newest();
    expect(kept).toHaveLength(200);
    expect(kept[0]?.doc.subject).toBe('200');
    expect(kept.at(-1)?.doc.subject).toBe('1');
    expect(told.at(-1)).toBe('https://hub.example.com/200');
    expect(await mailbox.get(kept[0]?.id ?? '')).toEqual(kept[0]);
  });
});
