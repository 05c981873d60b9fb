import { Injectable } from '@nestjs/common';

/** Where this gateway is in its life. */
@Injectable()
export class Lifecycle {
  /** True from SIGTERM on: nothing new is let in, and load balancers are told so. */
  draining = false;
}
