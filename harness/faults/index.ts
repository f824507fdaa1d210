export type { Fault, FaultNeeds, Undo } from './fault.ts'
export { dropIncoming, dropOutgoing, isolate } from './partition.ts'
export { kill, pause, restart, stop } from './process.ts'
