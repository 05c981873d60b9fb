// Mantine's links and buttons over the router: a page of ours opens without a load.
import { Anchor, Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type ComponentProps, forwardRef } from 'react';

export const Link = createLink(
  forwardRef<HTMLAnchorElement, Omit<ComponentProps<typeof Anchor<'a'>>, 'ref'>>(function Link(props, ref) {
    return <Anchor ref={ref} {...props} />;
  }),
);

export const LinkButton = createLink(
  forwardRef<HTMLAnchorElement, Omit<ComponentProps<typeof Button<'a'>>, 'ref'>>(function LinkButton(props, ref) {
    return <Button component="a" ref={ref} {...props} />;
  }),
);
