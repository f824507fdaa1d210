import type { Operation } from '../../../harness/history/operations.ts'
import { latencyStepsPerDecade, type PackedPoints } from '../../client/data.ts'
import { classLabelOf, classLabels, outcomeCode } from '../operation-class.ts'
import type { TimeAxis } from './time-axis.ts'

interface Point {
  readonly tenths: number
  readonly log: number
  readonly kind: number
}

/**
 * One dot for each operation: time of invocation, latency, outcome. At most `limit` dots: beyond it,
 * one is kept of those that coincide, for each kind apart, so that no failure disappears under
 * successes.
 */
export function packPoints(
  operations: readonly Operation[],
  axis: TimeAxis,
  limit: number,
): PackedPoints {
  const all = operations.map((operation) => pointOf(operation, axis))
  let points = all
  for (let columns = 4_096; points.length > limit && columns >= 8; columns /= 2) {
    points = onePerCell(all, axis.lengthS, columns)
  }
  points.sort((one, other) => one.tenths - other.tenths)
  return {
    count: points.length,
    of: operations.length,
    timesBase64: Buffer.from(deltas(points)).toString('base64'),
    latenciesBase64: littleEndian(points.map(({ log }) => log)).toString('base64'),
    kindsBase64: Buffer.from(points.map(({ kind }) => kind)).toString('base64'),
  }
}

/** An operation without a completion lasts to the end of the axis. */
export function latencyMsOf({ invoke, completion }: Operation, axis: TimeAxis): number {
  return Math.max(((completion?.timeNs ?? axis.endNs) - invoke.timeNs) / 1e6, 0.001)
}

function pointOf(operation: Operation, axis: TimeAxis): Point {
  const micros = latencyMsOf(operation, axis) * 1_000
  const log = Math.round(Math.log10(micros) * latencyStepsPerDecade)
  const kind = classLabels.indexOf(classLabelOf(operation)) * 3 + outcomeCode(operation)
  const tenths = Math.round(axis.seconds(operation.invoke.timeNs) * 10_000)
  return { tenths, log: Math.min(log, 65_535), kind }
}

function onePerCell(points: readonly Point[], lengthS: number, columns: number): Point[] {
  const width = (lengthS * 10_000) / columns
  const height = latencyStepsPerDecade / (columns / 64)
  const cells = new Map<number, Point>()
  for (const point of points) {
    const column = Math.floor(point.tenths / width)
    const cell = (column * 8_192 + Math.floor(point.log / height)) * 16 + point.kind
    if (!cells.has(cell)) cells.set(cell, point)
  }
  return [...cells.values()]
}

function deltas(points: readonly Point[]): number[] {
  const bytes: number[] = []
  let last = 0
  for (const { tenths } of points) {
    let left = tenths - last
    last = tenths
    while (left > 127) {
      bytes.push((left % 128) + 128)
      left = Math.floor(left / 128)
    }
    bytes.push(left)
  }
  return bytes
}

function littleEndian(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) buffer.writeUInt16LE(value, index * 2)
  return buffer
}
