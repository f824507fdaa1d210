/** For vitest files only: importing this loads vitest. Everything else is in `index.ts`. */
export { describeSuite } from './scenario/suite.ts'
