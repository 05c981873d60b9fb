const BYTE_ORDER_MARK = '\uFEFF';

/** A text without the byte order mark that editors and shells of Windows write before it. JSON's readers may ignore one (RFC 8259, section 8.1). */
export const withoutByteOrderMark = (text: string): string =>
  text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
