import type { ScenarioView } from '../../model/scenario-view.ts'

/** Left edge and width of a span, as CSS in percent of the axis. */
export function placeOf(
  span: { readonly fromS: number; readonly toS: number },
  view: ScenarioView,
): string {
  return `left:${percentOf(span.fromS, view)};width:${percentOf(span.toS - span.fromS, view)}`
}

/** A moment on the axis, as CSS in percent from the left; clamped to the axis. */
export function percentOf(secondsOfAxis: number, { axis }: ScenarioView): string {
  const share = Math.min(Math.max(secondsOfAxis / axis.lengthS, 0), 1)
  return `${(share * 100).toFixed(3)}%`
}

export function formatRange({
  fromS,
  toS,
}: {
  readonly fromS: number
  readonly toS: number
}): string {
  return `from ${formatSeconds(fromS)} to ${formatSeconds(toS)}`
}

export function formatSeconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`
}
