// The part of the books that only a gateway has: HTTP.
export { BooksModule } from './books.module.js';
