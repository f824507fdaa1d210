/** What a search may use. */
export interface SearchLimits {
  /** At most so many configurations are kept after an event. */
  readonly width: number
  /** Whether the time is over. */
  readonly isLate: () => boolean
}
