// The emails about money, in Chinese.
import type { Letter, LetterLink } from '../../platform/mail/index.js';
import { type PaymentFailure, paymentFailure } from '../topups/payment-failure.js';
import type { en } from './emails.en.js';

const letter = (subject: string, ...body: readonly (string | LetterLink | undefined)[]): Letter => ({ subject, body });
const reference = (...ids: readonly string[]): string => `编号：${ids.join('，')}`;
const ofTopup = (id: string): string => `充值 ${id}`;
const WRITE = '请联系本服务的运营方，并提供上述编号';

const FAILURES: Readonly<Record<PaymentFailure, string>> = {
  card_declined: '银行拒绝了这张卡',
  insufficient_funds: '余额不足，或已达到限额',
  expired_card: '银行卡已过期',
  incorrect_details: '银行未能核实卡片信息',
  authentication_required: '未完成银行的身份验证',
  card_not_supported: '这张卡不支持此类付款或币种',
  try_again: '银行当时无法处理',
  payment_failed: '银行未说明原因',
};

/** Stripe’s reasons of a dispute (docs.stripe.com/api/disputes/object). */
const REASONS: Readonly<Record<string, string>> = {
  bank_cannot_process: '银行无法处理',
  check_returned: '支票被退回',
  credit_not_processed: '应退款项未退',
  customer_initiated: '付款人发起',
  debit_not_authorized: '扣款未经授权',
  duplicate: '重复付款',
  fraudulent: '付款人称未曾授权（欺诈）',
  general: '未说明具体原因',
  incorrect_account_details: '账户信息有误',
  insufficient_funds: '余额不足',
  noncompliant: '不符合卡组织规则',
  product_not_received: '未收到商品或服务',
  product_unacceptable: '商品或服务不符',
  subscription_canceled: '订阅已取消',
  unrecognized: '付款人不认识这笔付款',
};

export const zh: typeof en = {
  toppedUp: ({ topupId, amount }, { paid, automatic, receipt, refundWindowDays: days }) =>
    letter(
      '充值成功',
      `您的 token-hub 余额已增加 $${amount}。${paid === undefined ? '' : automatic ? `已按您的自动充值设置，从保存的银行卡扣款 ${paid}。` : `您支付了 ${paid}。`}`,
      reference(topupId),
      receipt === undefined ? undefined : { label: '查看收据', url: receipt },
      `未使用的余额将在十二个月后过期。购买后 ${days} 天内，您可以申请退还未使用的部分。`,
      `如果此付款不是您本人所为，${WRITE}。`,
    ),

  notToppedUp: (topupId, { reason }, { paid, credit }) =>
    letter(
      '充值未成功',
      `您${credit === undefined ? '' : ` $${credit} `}充值订单的付款${paid === undefined ? '' : `（${paid}）`}未成功。原因：${FAILURES[paymentFailure(reason)]}。`,
      reference(topupId),
      `您可以随时重新充值。如果您已被扣款，${WRITE}。`,
    ),

  refunded: ({ refundId, lotId, amount }, { back }) =>
    letter(
      '退款已付出',
      `您的 token-hub 余额已退 $${amount}，${back ?? '相应款项'}将按原支付方式退回。`,
      reference(refundId, ofTopup(lotId)),
      `退款最长可能需要十天到账。如果届时仍未到账，请先咨询您的银行；如果银行查不到，${WRITE}。`,
    ),

  declined: ({ refundId, lotId, amount, detail = '' }, { back }) =>
    letter(
      '退款申请未通过',
      `您 $${amount}${back === undefined ? '' : `（${back}）`}的退款申请未通过，原因如下：`,
      detail,
      reference(refundId, ofTopup(lotId)),
      `这部分余额已恢复，您可以继续使用。如有异议，${WRITE}。`,
    ),

  withdrawn: ({ refundId, lotId, amount }) =>
    letter(
      '退款申请已撤回',
      `您 $${amount} 的退款申请已撤回。这部分余额已恢复，您可以继续使用。`,
      reference(refundId, ofTopup(lotId)),
      `如果不是您本人撤回，${WRITE}。`,
    ),

  notRefunded: ({ refundId, lotId, amount, completed }, { back }) =>
    letter(
      '退款未能付出',
      `您 $${amount} 余额的退款${back === undefined ? '' : `（${back}）`}${completed ? '被您的银行退回' : '无法退至您付款所用的银行卡或账户'}。`,
      reference(refundId, ofTopup(lotId)),
      `这部分余额已恢复，您可以继续使用，也可以再次申请退款。如果付款所用的银行卡或账户已停用，${WRITE}。`,
    ),

  asked: ({ disputeId, lotId, amount, reason }, { paid }) =>
    letter(
      '您的银行询问一笔付款',
      `您的银行询问了 $${amount} 余额的${paid === undefined ? '一笔付款' : `付款（${paid}）`}，原因：${REASONS[reason] ?? reason}。`,
      reference(disputeId, ofTopup(lotId)),
      '您可以继续使用余额。如果您认得这笔付款，请告知银行。如果银行对付款提出争议，相应余额将被冻结，直到争议结束。',
    ),

  disputed: ({ disputeId, lotId, amount, reason }, { paid }) =>
    letter(
      '付款有争议：余额已冻结',
      `您的银行对${paid === undefined ? '一笔付款' : ` ${paid} 的付款`}提出争议，涉及余额 $${amount}，原因：${REASONS[reason] ?? reason}。`,
      '争议结束前，使用您密钥的调用会被拒绝，有争议的部分不计入余额。',
      reference(disputeId, ofTopup(lotId)),
      `如果您认得这笔付款，请让银行撤回争议。如果不是您本人所为，${WRITE}。`,
    ),

  settled: ({ disputeId, outcome }, { disputed: about, paid }) => {
    const what = `${paid === undefined ? '一笔付款' : ` ${paid} 的付款`}${about === undefined ? '' : `（余额 $${about.amount}）`}的争议`;
    const endings = {
      won: '已结束：付款有效，相应余额已归还给您。',
      lost: '已结束：银行收回了款项，相应余额已扣除。',
      inquiry_closed: '未立案：银行没有进一步的问题。',
    };
    return letter(
      '付款争议已结束',
      `${what}${endings[outcome]}`.trim(),
      outcome === 'inquiry_closed' ? undefined : '您的余额不再因此受限。',
      reference(disputeId, ...(about === undefined ? [] : [ofTopup(about.topupId)])),
      outcome === 'lost' ? `如需继续使用，请重新充值。如有异议，${WRITE}。` : undefined,
    );
  },

  suspended: (accountId) =>
    letter(
      '您的账户已停用',
      '即日起，使用您 token-hub 账户密钥的调用会被拒绝，直到另行通知。余额保持不变，正在进行的调用会完成。',
      reference(accountId),
      `如果您不清楚原因，${WRITE}。`,
    ),

  reinstated: (accountId) => letter('您的账户已恢复', '您 token-hub 账户的密钥已可正常调用。', reference(accountId)),

  rerated: ({ runId, charges, amount, isCheaper }) =>
    letter(
      isCheaper ? '余额已返还' : '部分调用已重新计价',
      `您的 token-hub 账户中有 ${charges} 次调用的价格已更正。${
        isCheaper ? `$${amount} 已返还至您的余额。` : `更正后的费用比已扣金额多 $${amount}，已从余额中扣除。`
      }`,
      '您的账目和对账单列有每次调用的原价和新价。',
      reference(runId),
      `如有异议，${WRITE}。`,
    ),

  lowBalance: ({ threshold, balance }, { topupPage }) =>
    letter(
      '余额不足提醒',
      `您的 token-hub 余额为 $${balance}，低于您设置的 $${threshold}。余额不足以支付时，调用会被拒绝。`,
      topupPage === undefined ? undefined : { label: '去充值', url: topupPage },
      '此邮件只发送一次；余额回升到该金额以上后再次降低时，才会再次提醒。您可以在充值页面修改金额或关闭提醒。',
    ),

  charging: (topupId, credit, threshold) =>
    letter(
      '正在从您保存的银行卡扣款',
      `您的 token-hub 余额已低于 $${threshold}。按您的设置，正在从保存的银行卡扣款，充值 $${credit}。`,
      reference(topupId),
      '您可以随时修改或关闭自动充值。',
    ),

  cardDeclined: (topupId, credit) =>
    letter(
      '您保存的银行卡扣款未成功',
      `无法从您保存的银行卡扣款充值 $${credit}：银行卡被拒，或银行需要您确认付款。`,
      reference(topupId),
      '自动充值已关闭，直到您重新开启。您可以随时手动充值。',
    ),

  ceilingReached: ({ monthlyCeiling }) =>
    letter(
      '已达到每月自动充值上限',
      `您的 token-hub 余额不足，但再次自动充值会超过您的上限${monthlyCeiling === undefined ? '' : `（每月 $${monthlyCeiling}）`}。没有扣款。`,
      '如需继续使用，请提高上限或手动充值。下个月（UTC）重新计算。',
    ),
};
