export { MailboxController } from './mailbox.controller.js';
export { SandboxMailbox } from './sandbox-mailbox.js';
