// What every Mailer must do. An adapter's spec opens it and tells what arrived.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mail, Mailer } from '../../src/platform/mail/index.js';

export interface OpenedMailer {
  readonly mailer: Mailer;
  /** What arrived, the oldest first. */
  arrived(): Promise<readonly Mail[]>;
  close(): Promise<void>;
}

const MAIL: Mail = {
  to: 'ada@example.com',
  subject: 'Grüße',
  text: 'Open this:\n\nhttps://hub.example.com/x?a=1&b=é\n',
};

export function mailerContract(adapter: string, open: () => Promise<OpenedMailer>): void {
  describe(`Mailer: ${adapter}`, () => {
    let opened: OpenedMailer;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('hands over a message as it is', async () => {
      await opened.mailer.send(MAIL);
      await opened.mailer.send({ ...MAIL, subject: 'Second' });
      expect(await opened.arrived()).toEqual([MAIL, { ...MAIL, subject: 'Second' }]);
    });

    it.each([
      ['a line break in the address', { to: 'ada@example.com\r\nBcc: eve@example.com' }],
      ['two addresses', { to: 'ada@example.com, eve@example.com' }],
      ['a name with an address', { to: 'Ada <ada@example.com>' }],
      ['no address', { to: 'ada' }],
      ['a line break in the subject', { subject: 'Hello\nBcc: eve@example.com' }],
      ['a null in the subject', { subject: 'Hello\0' }],
    ])('refuses %s, and sends nothing', async (_what, change) => {
      await expect(opened.mailer.send({ ...MAIL, ...change })).rejects.toThrow(RangeError);
      expect(await opened.arrived()).toEqual([]);
    });
  });
}
