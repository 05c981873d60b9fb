import { Code } from '@mantine/core';

/** A text whose `code` stands in grave accents. */
export const Rich = ({ text }: { readonly text: string }) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? <Code key={index}>{part}</Code> : part));
