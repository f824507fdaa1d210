import type { Effect } from '../../core/effect.ts'
import type { Fault } from '../../faults/fault.ts'
import type { InjectedFault } from '../scenario.ts'
import { expectStarts, inTime } from './timed-promise.ts'

/** What a drill has injected and not yet undone. */
export interface FaultsInForce {
  /** Takes over a fault's undo. To recover from the only fault is a promise of etcd's. */
  keep(injected: InjectedFault): InjectedFault
  /** Takes over the end of a window, which harms nothing. */
  keepWindow(opened: InjectedFault): InjectedFault
  /** Injects a fault. Without another one, that etcd does what it is asked for is a promise. */
  inject<T>(fault: Pick<Fault, 'name' | 'effect'>, act: () => Promise<T>): Promise<T>
  /** Whether something that the scenario does may make etcd reject what it otherwise accepts. */
  hasAny(): boolean
  /** The latest first. A fault that cannot be undone does not stop the others, and stays in force. */
  undoAll(): Promise<void>
}

/** Effects of faults that etcd itself brings about; others harm it from outside. */
const asked: readonly Effect[] = ['changes', 'removes']

export function trackFaults(): FaultsInForce {
  const inForce = new Set<InjectedFault>()
  const windows = new Set<InjectedFault>()
  const harms = () => [...inForce].filter((each) => !windows.has(each))
  const track = (injected: InjectedFault, undo: () => Promise<void>) => {
    const kept: InjectedFault = {
      proved: injected.proved,
      undo: async () => {
        await undo()
        inForce.delete(kept)
      },
    }
    inForce.add(kept)
    return kept
  }
  const keep = (injected: InjectedFault) => {
    const kept: InjectedFault = track(injected, async () => {
      const isOnly = harms().every((each) => each === kept)
      await (isOnly ? recover(injected.undo) : injected.undo())
    })
    return kept
  }
  return {
    keep,
    keepWindow: (opened) => {
      const kept = track(opened, opened.undo)
      windows.add(kept)
      return kept
    },
    inject: ({ name, effect }, act) =>
      harms().length === 0 && asked.includes(effect)
        ? inTime({ id: 'change-completes', sentence: `etcd to complete ${name}` }, act)
        : act(),
    hasAny: () => inForce.size > 0,
    undoAll: async () => {
      await using unwinding = new AsyncDisposableStack()
      for (const { undo } of inForce) unwinding.defer(undo)
    },
  }
}

function recover(undo: () => Promise<void>): Promise<void> {
  const recovery = {
    id: 'recovers-from-fault',
    sentence: 'etcd to recover once the fault is undone',
  }
  return inTime(recovery, () => expectStarts(undo))
}
