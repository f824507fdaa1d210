import { type Effect, formatProof, type Proof } from '../../core/effect.ts'
import { idempotentUndo } from '../../faults/define-fault.ts'
import type { Fault, Undo } from '../../faults/fault.ts'
import type { DeclaredFault, Drill, FaultTarget, InjectedFault, Scenario } from '../scenario.ts'
import type { DrillParts } from './drill-parts.ts'
import { type Observing, observeEffect } from './observe-effect.ts'

type Parts = Pick<DrillParts, 'cluster' | 'evidence' | 'plan' | 'signal'> &
  Pick<Drill, 'mark'> & {
    readonly scenario: Pick<Scenario, 'faults'>
    /** Takes over the undo; the fault has one from the moment in which it is in force. */
    readonly keep: (injected: InjectedFault) => InjectedFault
  }

/** How long a gradual fault stays in force, beyond the scenario's own time, for its effect to show. */
const graceMs = 10_000

/**
 * Injects a fault and proves its effect. The history gets its begin before it is in force, and its
 * end with the proof after it is undone. A fault without effect makes the scenario inconclusive.
 * Throws a RangeError for one that the scenario does not declare.
 */
export async function injectFault(
  parts: Parts,
  fault: Fault,
  targets: readonly FaultTarget[],
): Promise<InjectedFault> {
  const { cluster, evidence, keep, mark, plan, signal } = parts
  expectDeclared(parts.scenario.faults, fault)
  const names = targets.map(({ name }) => name)
  const measure = await fault.probe(cluster, names)
  const end = beginWindow(parts, fault, names)
  const undo = await fault.inject(cluster, names).catch((thrown: unknown) => {
    end()
    throw thrown
  })
  let proving: Observing | undefined
  let down: readonly FaultTarget[] = []
  const prove = once(async () => {
    const proof = await proving?.finish(graceMs * plan.timeScale)
    if (proof?.observed === false && !signal.aborted) {
      evidence.failures.push({ outcome: 'inconclusive', reason: formatInert(fault, names, proof) })
    }
    return proof
  })
  const heal = idempotentUndo(async () => {
    const proof = await prove()
    await undo()
    end(proof)
    for (const member of down) {
      if (await runs(member)) mark('member-up', `${member.name} runs again`, member)
    }
    mark('healed', `${fault.name} of ${names.join(', ')} undone`)
  })
  const proved = async () => {
    await prove()
  }
  const injected = keep({ undo: heal, proved })
  mark('note', `${fault.name} of ${names.join(', ')} in force${formatDetail(undo)}`)
  proving = await observeEffect(measure, { isGradual: fault.isGradual === true, signal })
  down = await listStopped(targets)
  for (const member of down) mark('member-down', `${member.name} is down`, member)
  return injected
}

/** For what a scenario does without a fault: noted as a window, with nothing to prove or to undo. */
export function openWindow(
  parts: Pick<Parts, 'evidence' | 'mark'>,
  window: { readonly name: string; readonly effect: Effect },
  targets: readonly FaultTarget[],
): InjectedFault {
  const names = targets.map(({ name }) => name)
  const end = beginWindow(parts, window, names)
  parts.mark('note', `${window.name} of ${names.join(', ')} begins`)
  const undo = idempotentUndo(async () => {
    end()
    parts.mark('note', `${window.name} of ${names.join(', ')} ends`)
  })
  return { undo, proved: async () => {} }
}

function beginWindow(
  { evidence: { recorder } }: Pick<Parts, 'evidence'>,
  { name, effect }: { readonly name: string; readonly effect: Effect },
  targets: readonly string[],
): (proof?: Proof) => void {
  recorder.fault({ name, effect, phase: 'begin', targets })
  return (proof) => {
    recorder.fault({ name, effect, phase: 'end', targets, ...(proof && { proof }) })
  }
}

function expectDeclared(declared: readonly DeclaredFault[], { name }: Fault): void {
  const names = declared.map((one) => one.name)
  if (names.includes(name)) return
  const known = names.join(', ') || 'none'
  throw new RangeError(`Expected the scenario's \`faults\` to declare ${name}, got ${known}`)
}

function formatInert({ name }: Fault, targets: readonly string[], proof: Proof): string {
  return `the fault ${name} had no effect on ${targets.join(', ')}: expected ${formatProof(proof)}`
}

function formatDetail({ detail }: Undo): string {
  return detail === undefined ? '' : ` (${detail})`
}

function once<T>(act: () => Promise<T>): () => Promise<T> {
  let acting: Promise<T> | undefined
  return () => {
    acting ??= act()
    return acting
  }
}

/** False too for a member that was removed meanwhile. */
function runs(member: FaultTarget): Promise<boolean> {
  return member.isRunning().catch(() => false)
}

async function listStopped(members: readonly FaultTarget[]): Promise<FaultTarget[]> {
  const running = await Promise.all(members.map((member) => member.isRunning()))
  return members.filter((_, index) => running[index] === false)
}
