export { EventFeedModule, loggedFeed } from './event-feed.module.js';
