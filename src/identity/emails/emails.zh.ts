// The emails about a person's own account, in Chinese.
import type { en } from './emails.en.js';

const NOT_YOU = '如果不是您本人操作，请立即设置新密码，并联系本服务的运营方。';

export const zh: typeof en = {
  verification: (link) => ({
    subject: '请确认您的邮箱',
    body: [
      '确认邮箱后，即可开始使用 token-hub。',
      { label: '确认邮箱', url: link },
      '链接仅可使用一次，24 小时内有效。如果您没有刚刚用自己的密码注册，请删除此邮件：没有其中的链接，任何人都无法登录。',
    ],
  }),

  knownAddress: ({ login, forgot }) => ({
    subject: '您已有账户',
    body: [
      '有人（可能是您本人）用此邮箱申请 token-hub 账户，但此邮箱已有账户。',
      { label: '登录', url: login },
      '如果忘记密码，可以获取链接来设置新密码。',
      { label: '设置新密码', url: forgot },
      '如果不是您本人操作，无需处理：一切保持不变。',
    ],
  }),

  reset: (link) => ({
    subject: '设置新密码',
    body: [
      '您可以为 token-hub 账户设置新密码。',
      { label: '设置新密码', url: link },
      '链接仅可使用一次，1 小时内有效；设置后，所有设备上的登录都会退出。如果不是您本人申请，请删除此邮件：密码保持不变。',
    ],
  }),

  passwordChanged: ({ forgot }) => ({
    subject: '您的密码已更改',
    body: [
      '您的 token-hub 账户密码刚刚更改，其他所有登录均已退出。',
      '如果不是您本人操作，请立即设置新密码。',
      { label: '设置新密码', url: forgot },
    ],
  }),

  newAddress: (link) => ({
    subject: '请确认您的新邮箱',
    body: [
      '将此邮箱设为您的 token-hub 账户邮箱。',
      { label: '使用此邮箱', url: link },
      '链接仅可使用一次，24 小时内有效。如果不是您本人申请，请删除此邮件：一切保持不变。',
    ],
  }),

  addressAsked: ({ forgot }) => ({
    subject: '您的邮箱即将更换',
    body: [
      '有人登录了您的 token-hub 账户，并申请更换邮箱。新邮箱确认后即会生效。',
      '如果不是您本人操作，请立即设置新密码，这会退出所有登录。',
      { label: '设置新密码', url: forgot },
    ],
  }),

  addressChanged: () => ({
    subject: '您的邮箱已更换',
    body: [
      '您的 token-hub 账户邮箱已更换。今后请用新邮箱登录，邮件也会发到新邮箱。',
      '如果不是您本人操作，请联系本服务的运营方。',
    ],
  }),

  secondFactorOn: () => ({
    subject: '两步验证已开启',
    body: ['今后登录 token-hub 需要验证器应用中的验证码，或一个恢复码。', NOT_YOU],
  }),

  secondFactorOff: () => ({
    subject: '两步验证已关闭',
    body: ['今后仅凭密码即可登录 token-hub。', NOT_YOU],
  }),

  googleLinked: () => ({
    subject: '已关联 Google 账户',
    body: ['今后也可以用 Google 账户登录 token-hub。您可以在“我的账户”中查看或取消关联。', NOT_YOU],
  }),

  deleted: () => ({
    subject: '您的账户已注销',
    body: [
      '您的 token-hub 账户已注销，密钥已失效，我们保存的个人信息已删除。',
      '购买与使用的账本依法保留，其中没有您的姓名或邮箱。',
    ],
  }),
};
