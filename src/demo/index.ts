export { DemoModule } from './demo.module.js';
export { Welcome } from './welcome.js';
