import { beforeEach } from 'vitest'
import { interruptSignal } from '../../scenario/interrupt.ts'

// In every test file's thread: tests that have not begun when the user interrupts are not begun.
const signal = interruptSignal()
beforeEach(({ skip }) => {
  if (signal.aborted) skip('the run was interrupted')
})
